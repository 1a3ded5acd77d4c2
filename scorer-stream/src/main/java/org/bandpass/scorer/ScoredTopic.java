package org.bandpass.scorer;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.schemas.UnknownSchemaException;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * What the scored topic holds already: the last record of each partition, which says how far documents are scored, by
 * which model, and how they were split. One thread at a time.
 */
final class ScoredTopic implements AutoCloseable {

    private final Consumer<byte[], byte[]> reader;
    private final String topic;
    private final OriginCheck origins;
    private final SplitCheck splits;
    private final DeadLetterPositions ignored;
    private final AvroSerde<ScoredDocument> serde = AvroSerde.of(ScoredDocument.class);

    /**
     * Reads nothing yet.
     *
     * @param reader read committed, without a group, closed with this
     * @param origins compares how scores were made
     * @param splits learns how the documents were split that are scored already
     * @param ignored positions of records that are ignored
     */
    ScoredTopic(
            Consumer<byte[], byte[]> reader,
            String topic,
            OriginCheck origins,
            SplitCheck splits,
            DeadLetterPositions ignored) {
        this.reader = reader;
        this.topic = topic;
        this.origins = origins;
        this.splits = splits;
        this.ignored = ignored;
    }

    void check(OffsetSnapshot snapshot) {
        snapshot.to().keySet().forEach(partition -> check(partition.partition(), snapshot));
    }

    /**
     * Checks the last score of a partition.
     *
     * @param snapshot of the topic
     * @throws ProgramFailure if it was made in another way, or its document was split in another way
     */
    void check(int partition, OffsetSnapshot snapshot) {
        TopicPartition where = new TopicPartition(topic, partition);
        ConsumerRecord<byte[], byte[]> last = last(snapshot, where);
        if (last == null) {
            return;
        }
        ScoredDocument scored = read(last);
        splits.difference(scored.getDocument(), position(last));
        origins.check(scored.getScore(), topic);
    }

    private ScoredDocument read(ConsumerRecord<byte[], byte[]> last) {
        try {
            if (last.value() == null) {
                throw new SerializationException("it has no value");
            }
            return serde.read(last.value());
        } catch (UnknownSchemaException e) {
            throw new ProgramFailure(
                    "the score at " + position(last) + " has an unknown schema (" + e.schema()
                            + "), probably of a newer scorer: upgrade this one" + orIgnore(last),
                    e);
        } catch (SerializationException e) {
            throw new ProgramFailure(
                    "the record at " + position(last) + " is no scored document (" + e.getMessage()
                            + "): end the program that writes such records to this topic" + orIgnore(last),
                    e);
        }
    }

    private static String orIgnore(ConsumerRecord<?, ?> record) {
        return ", or have the record ignored with --set " + DeadLetterPositions.SETTING + "=" + position(record);
    }

    private static String position(ConsumerRecord<?, ?> record) {
        return DeadLetterPositions.name(record.topic(), record.partition(), record.offset());
    }

    private @Nullable ConsumerRecord<byte[], byte[]> last(OffsetSnapshot snapshot, TopicPartition where) {
        return snapshot.last(
                reader, where, record -> !ignored.contains(record.topic(), record.partition(), record.offset()));
    }

    /**
     * Returns the offset after the last document that is scored, 0 where none is.
     *
     * @param snapshot of the topic
     * @throws ProgramFailure if the record does not say it
     */
    long resumeAt(int partition, OffsetSnapshot snapshot) {
        TopicPartition where = new TopicPartition(topic, partition);
        ConsumerRecord<byte[], byte[]> last = last(snapshot, where);
        if (last == null) {
            return 0;
        }
        try {
            int source = HeaderNames.integer(last.headers(), HeaderNames.SOURCE_PARTITION);
            if (source != partition) {
                throw new IllegalArgumentException("it says that its document is in partition " + source);
            }
            return HeaderNames.longInteger(last.headers(), HeaderNames.SOURCE_OFFSET) + 1;
        } catch (IllegalArgumentException e) {
            throw new ProgramFailure(
                    "the record at " + position(last)
                            + " does not say which document it scores, so it is unknown where to resume ("
                            + e.getMessage() + "): end the program that writes such records to this topic"
                            + orIgnore(last),
                    e);
        }
    }

    /** Returns what can be seen of the topic now. */
    OffsetSnapshot visible() {
        return OffsetSnapshot.visible(reader, topic);
    }

    /** Returns what is written to the topic now, decided or not. */
    OffsetSnapshot written(Admin admin) {
        return OffsetSnapshot.written(admin, reader, topic);
    }

    @Override
    public void close() {
        reader.close();
    }
}
