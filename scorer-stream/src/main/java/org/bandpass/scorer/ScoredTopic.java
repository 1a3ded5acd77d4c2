package org.bandpass.scorer;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.Score;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.service.ProgramFailure;

/**
 * What the scored topic holds already: the last record of each partition, which says how far documents are scored, by
 * which model, and how they were split. One thread at a time.
 */
final class ScoredTopic implements AutoCloseable {

    private final Consumer<byte[], byte[]> reader;
    private final String topic;
    private final Revisions revisions;
    private final SplitCheck splits;
    private final AvroSerde<ScoredDocument> serde = AvroSerde.of(ScoredDocument.class);

    /**
     * What scores are made with.
     *
     * @param model revision of the model
     * @param tokenizer revision of the tokenizer
     * @param mixed whether scores of others are allowed beside them
     */
    record Revisions(String model, String tokenizer, boolean mixed) {}

    /**
     * Reads nothing yet.
     *
     * @param reader read committed, without a group, closed with this
     * @param splits learns how the documents were split that are scored already
     */
    ScoredTopic(Consumer<byte[], byte[]> reader, String topic, Revisions revisions, SplitCheck splits) {
        this.reader = reader;
        this.topic = topic;
        this.revisions = revisions;
        this.splits = splits;
    }

    /**
     * Checks the last score of a partition.
     *
     * @param snapshot of the topic
     * @throws ProgramFailure if another model made it, or its document was split in another way
     */
    void check(int partition, OffsetSnapshot snapshot) {
        TopicPartition where = new TopicPartition(topic, partition);
        ConsumerRecord<byte[], byte[]> last = snapshot.last(reader, where);
        if (last == null) {
            return;
        }
        ScoredDocument scored;
        try {
            scored = serde.read(last.value());
        } catch (SerializationException e) {
            throw new ProgramFailure(
                    "the record at " + where + " offset " + last.offset() + " is no scored document: " + e.getMessage(),
                    e);
        }
        splits.check(scored.getDocument(), where + " offset " + last.offset());
        Score score = scored.getScore();
        boolean same = score.getModelRevision().equals(revisions.model())
                && score.getTokenizerRevision().equals(revisions.tokenizer());
        if (!same && !revisions.mixed()) {
            throw new ProgramFailure(topic + " holds scores of the model " + score.getModelRevision()
                    + " with the tokenizer " + score.getTokenizerRevision() + ", this is the model "
                    + revisions.model() + " with the tokenizer " + revisions.tokenizer()
                    + ": scores of different models cannot be ranked together; go on with that model, use another"
                    + " topic.prefix, or mix them all the same with --mix-revisions");
        }
    }

    /**
     * Returns the offset behind the last document that is scored, 0 where none is.
     *
     * @param snapshot of the topic
     * @throws ProgramFailure if the record does not say it
     */
    long resumeAt(int partition, OffsetSnapshot snapshot) {
        TopicPartition where = new TopicPartition(topic, partition);
        ConsumerRecord<byte[], byte[]> last = snapshot.last(reader, where);
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
                    "the record at " + where + " offset " + last.offset()
                            + " does not say which document it scores, so nobody knows where to go on: "
                            + e.getMessage(),
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
