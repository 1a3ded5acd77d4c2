package org.bandpass.eval;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.Split;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.UnknownSchemaException;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * The part of the held-out split of {@code documents} that is evaluated. Each reading of the topic reads only what has
 * arrived since the last. Memory is bounded by the settings, whatever the topic holds.
 */
final class HeldOutSplit {

    /** With more unreadable records than this, the topic holds something other than documents. */
    private static final int MOST_LETTERS = 1_000;

    private final String topic;
    private final DeadLetterPositions passable;
    private final Map<String, DeadLetter> letters = new TreeMap<>();
    private final AvroSerde<Document> serde = AvroSerde.of(Document.class);
    private final HeldOutSample sample;
    private final ClozeSuite cloze;
    private final Map<TopicPartition, Long> readTo = new HashMap<>();
    private @Nullable Split split;

    HeldOutSplit(String topic, EvalSettings settings) {
        this.topic = topic;
        this.passable = settings.passable();
        this.sample =
                new HeldOutSample(settings.heldOut().bytes(), settings.heldOut().documentBytes());
        this.cloze = new ClozeSuite(settings.cloze());
    }

    /**
     * Reads from the last position to the current end of the topic.
     *
     * @throws ProgramFailure if its documents were split in different ways, or one is of a newer version
     */
    void read(Admin admin, Consumer<byte[], byte[]> reader) {
        OffsetSnapshot now = OffsetSnapshot.written(admin, reader, topic);
        Map<TopicPartition, Long> from = new HashMap<>(now.from());
        readTo.forEach((partition, offset) -> from.merge(partition, offset, Math::max));
        new OffsetSnapshot(topic, from, now.to()).read(reader, this::visit);
        readTo.putAll(now.to());
    }

    HeldOutSample sample() {
        return sample;
    }

    ClozeSuite cloze() {
        return cloze;
    }

    private void visit(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() != null && HeaderNames.isPart(record.headers(), SplitPart.HELD_OUT)) {
            read(record);
        }
        // The next reading resumes where this one breaks off: no document counts twice.
        readTo.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        try {
            add(serde.read(record.value()));
        } catch (UnknownSchemaException e) {
            if (!passable.contains(record.topic(), record.partition(), record.offset())) {
                throw new ProgramFailure(e.at(record.topic(), record.partition(), record.offset()), e);
            }
            refuse(record, e);
        } catch (SerializationException e) {
            refuse(record, e);
        }
    }

    private void refuse(ConsumerRecord<byte[], byte[]> record, SerializationException why) {
        if (letters.size() == MOST_LETTERS) {
            throw new ProgramFailure("more than " + MOST_LETTERS + " records of topic " + topic
                    + " are marked as held-out documents and cannot be read, the last one at partition "
                    + record.partition() + " offset " + record.offset() + ": " + why.getMessage());
        }
        letters.put(
                record.topic() + "/" + record.partition() + "/" + record.offset(),
                DeadLetter.newBuilder()
                        .setProgram(RunScore.PROGRAM)
                        .setReason(RefusedRunException.Reason.UNREADABLE_RECORD.word())
                        .setDetail(String.valueOf(why.getMessage()))
                        .setTopic(record.topic())
                        .setPartition(record.partition())
                        .setOffset(record.offset())
                        .build());
    }

    /** Returns the held-out records that cannot be read, by position. */
    Map<String, DeadLetter> letters() {
        return letters;
    }

    void add(Document document) {
        Split stamped = Split.of(document.getSplit());
        if (split == null) {
            split = stamped;
        } else if (!split.equals(stamped)) {
            throw new ProgramFailure(
                    "topic " + topic + " holds documents of different splits, " + split.words() + " and "
                            + stamped.words()
                            + ": what is held out by one may have trained a model by the other; ingest all with"
                            + " the same seed and shares, or use another topic.prefix");
        }
        sample.add(document);
        cloze.add(document);
    }
}
