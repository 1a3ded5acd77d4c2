package org.bandpass.scorer;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.LongPredicate;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.bandpass.languagemodel.Likelihood;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.Score;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.schemas.Topics;
import org.bandpass.scorer.FlightDocument.Refusal;
import org.jspecify.annotations.Nullable;

/** The records to write for a scored flight, in the order of its documents. One thread at a time. */
final class FlightRecords {

    static final String PROGRAM = "scorer";

    private static final int MOST_CONTENT = 64 << 10;
    /** Headers, key, and the overhead of Kafka's records and batches. */
    private static final int RECORD_OVERHEAD = 1 << 10;

    private static final AvroSerde<ScoredDocument> SCORED = AvroSerde.of(ScoredDocument.class);
    private static final AvroSerde<DeadLetter> LETTERS = AvroSerde.of(DeadLetter.class);

    private final Topics topics;
    private final Flight flight;
    private final LongPredicate refused;
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final List<Score> scores = new ArrayList<>();
    private final List<DeadLetterReason> refusals = new ArrayList<>();

    /**
     * Makes the records.
     *
     * @param refused tests whether the cluster refuses the score of the document at an offset for its size
     */
    FlightRecords(Topics topics, Flight flight, ScoreOrigin origin, LongPredicate refused) {
        this.topics = topics;
        this.refused = refused;
        this.flight = flight;
        Iterator<Likelihood> likelihoods = flight.scores().likelihoods().iterator();
        for (FlightDocument document : flight.documents()) {
            Refusal refusal = document.content().refusal();
            if (refusal != null) {
                refuse(document, refusal);
            } else {
                add(
                        document,
                        origin.score(likelihoods.next(), document.content().bytes()));
            }
        }
    }

    private void add(FlightDocument from, Score score) {
        Document document = Objects.requireNonNull(from.content().document());
        if (!Double.isFinite(score.getNats())) {
            refuse(
                    from,
                    Refusal.of(DeadLetterReason.NOT_FINITE, "the model's likelihood is " + score.getNats(), document));
            return;
        }
        byte[] value = SCORED.write(new ScoredDocument(score, document));
        String tooLarge = tooLarge(from, value.length);
        if (tooLarge != null) {
            refuse(from, new Refusal(DeadLetterReason.OVER_RECORD_LIMIT, tooLarge, null));
            return;
        }
        int partition = flight.partition().partition();
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topics.scoredDocuments().name(), partition, from.timestamp(), from.key(), value);
        record.headers()
                .add(HeaderNames.SOURCE_PARTITION, HeaderNames.bytes(partition))
                .add(HeaderNames.SOURCE_OFFSET, HeaderNames.bytes(from.offset()));
        records.add(record);
        scores.add(score);
    }

    private @Nullable String tooLarge(FlightDocument from, int bytes) {
        if (bytes > topics.maxScoredBytes() - RECORD_OVERHEAD) {
            return "the scored record would have " + bytes + " bytes; with document.max.bytes="
                    + topics.maxDocumentBytes() + " its topic takes " + topics.maxScoredBytes();
        }
        return refused.test(from.offset())
                ? "topic " + topics.scoredDocuments().name() + " refuses the scored record of " + bytes
                        + " bytes as too large even when compressed: see its max.message.bytes"
                : null;
    }

    private void refuse(FlightDocument from, Refusal refusal) {
        byte @Nullable [] content = refusal.content();
        DeadLetter letter = DeadLetter.newBuilder()
                .setProgram(PROGRAM)
                .setReason(refusal.reason().word())
                .setDetail(refusal.detail())
                .setTopic(flight.partition().topic())
                .setPartition(flight.partition().partition())
                .setOffset(from.offset())
                .setContent(content == null || content.length > MOST_CONTENT ? null : ByteBuffer.wrap(content))
                .build();
        records.add(new ProducerRecord<>(topics.deadLetters(PROGRAM).name(), from.key(), LETTERS.write(letter)));
        refusals.add(refusal.reason());
    }

    Flight flight() {
        return flight;
    }

    List<ProducerRecord<byte[], byte[]>> records() {
        return Collections.unmodifiableList(records);
    }

    List<Score> scores() {
        return Collections.unmodifiableList(scores);
    }

    /** Returns the reasons of the dead letters. */
    List<DeadLetterReason> refusals() {
        return Collections.unmodifiableList(refusals);
    }
}
