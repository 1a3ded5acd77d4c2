package org.bandpass.scorer;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.Score;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * What the scored topic holds already: the last record of each partition, which says how far documents are scored, by
 * which model, and how they were split. One thread at a time.
 */
final class ScoredTopic implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);
    /** The last record is usually found behind a transaction marker or two. */
    private static final int FIRST_LOOK = 4;

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
     * @throws ProgramFailure if another model made it, or its document was split in another way
     */
    void check(int partition) {
        TopicPartition where = new TopicPartition(topic, partition);
        ConsumerRecord<byte[], byte[]> last = last(where, end(where));
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
     * Returns the offset behind the last document that is scored, 0 where none is. Waits for transactions that are open
     * now.
     *
     * @param ends read-uncommitted ends of the topic now
     * @throws ProgramFailure if they stay open for longer than {@link CatchUp#PATIENCE}, or the record does not say it
     */
    long resumeAt(int partition, CatchUp ends) {
        TopicPartition where = new TopicPartition(topic, partition);
        ConsumerRecord<byte[], byte[]> last = last(where, decidedEnd(where, ends));
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

    private long end(TopicPartition where) {
        reader.assign(List.of(where));
        return reader.endOffsets(List.of(where)).getOrDefault(where, 0L);
    }

    private long decidedEnd(TopicPartition where, CatchUp ends) {
        long wanted = ends.ends().getOrDefault(where, 0L);
        long began = System.nanoTime();
        long end = end(where);
        while (end < wanted) {
            if (System.nanoTime() - began > CatchUp.PATIENCE.toNanos()) {
                throw new ProgramFailure("cannot tell what is scored in " + where + ": a transaction is open at offset "
                        + end + " for longer than its timeout");
            }
            pause();
            end = end(where);
        }
        return end;
    }

    private static void pause() {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramFailure("interrupted while waiting for a transaction", e);
        }
    }

    /** Looks back further and further: behind the last record are markers and what was aborted. */
    private @Nullable ConsumerRecord<byte[], byte[]> last(TopicPartition where, long end) {
        long first = reader.beginningOffsets(List.of(where)).getOrDefault(where, 0L);
        for (long back = FIRST_LOOK; ; back *= FIRST_LOOK) {
            long from = Math.max(first, end - back);
            ConsumerRecord<byte[], byte[]> last = last(where, from, end);
            if (last != null || from == first) {
                return last;
            }
        }
    }

    private @Nullable ConsumerRecord<byte[], byte[]> last(TopicPartition where, long from, long end) {
        ConsumerRecord<byte[], byte[]> last = null;
        reader.seek(where, from);
        while (reader.position(where) < end) {
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL).records(where)) {
                last = record;
            }
        }
        return last;
    }

    @Override
    public void close() {
        reader.close();
    }
}
