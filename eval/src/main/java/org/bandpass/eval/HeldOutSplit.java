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
import org.bandpass.schemas.Document;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.Split;
import org.bandpass.schemas.SplitPart;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * The part of the held-out split of {@code documents} that is evaluated. Each reading of the topic starts where the last
 * one ended. The settings bound the memory, whatever the topic holds.
 */
final class HeldOutSplit {

    /** With more unreadable records than this, the topic holds something other than documents. */
    private static final int MOST_LETTERS = 1_000;

    private final EvalSettings settings;
    private final String topic;
    private final Map<String, DeadLetter> letters = new TreeMap<>();
    private final AvroSerde<Document> serde = AvroSerde.of(Document.class);
    private final HeldOutSample sample;
    private final ClozeSuite cloze;
    private final Map<TopicPartition, Long> readTo = new HashMap<>();
    private @Nullable Split split;

    HeldOutSplit(EvalSettings settings) {
        this.settings = settings;
        this.topic = settings.topics().documents().name();
        this.sample = new HeldOutSample(settings.heldOut());
        this.cloze = new ClozeSuite(settings.cloze());
    }

    /** Reads on to the current end. Throws a ProgramFailure if splits differ, or a document is of a newer version. */
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

    /** Returns dead letters about the held-out records that cannot be read, by position. */
    Map<String, DeadLetter> letters() {
        return letters;
    }

    private void visit(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() != null && HeaderNames.isPart(record.headers(), SplitPart.HELD_OUT)) {
            try {
                add(serde.read(record.value()));
            } catch (SerializationException e) {
                settings.requirePassable(record, e);
                refuse(record, e);
            }
        }
        // If this reading fails, the next resumes here: no document counts twice.
        readTo.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
    }

    private void refuse(ConsumerRecord<byte[], byte[]> record, SerializationException why) {
        if (letters.size() == MOST_LETTERS) {
            throw new ProgramFailure("more than " + MOST_LETTERS + " records of topic " + topic
                    + " are marked as held-out documents and cannot be read, the last one at partition "
                    + record.partition() + " offset " + record.offset() + ": " + why.getMessage());
        }
        letters.put(
                RunScore.position(record),
                RunScore.letter(RefusedRunException.Reason.UNREADABLE_RECORD, String.valueOf(why.getMessage()), record)
                        .build());
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
