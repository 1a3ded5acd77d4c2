package org.bandpass.scorer;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.service.ProgramFailure;

/**
 * Where the scoring of a partition resumes: at the group's position or, where it has none (positions expire in an empty
 * group), after the last document that has a score.
 */
final class StartPositions {

    private final Consumer<byte[], byte[]> consumer;
    private final ScoredTopic scored;
    private final Admin admin;

    /**
     * Asks nothing yet.
     *
     * @param consumer member of the group
     */
    StartPositions(Consumer<byte[], byte[]> consumer, ScoredTopic scored, Admin admin) {
        this.consumer = consumer;
        this.scored = scored;
        this.admin = admin;
    }

    /**
     * Returns the next offset of each of the partitions of documents.
     *
     * @throws ProgramFailure if the scored topic does not fit the documents or the model
     */
    Map<TopicPartition, Long> of(Collection<TopicPartition> partitions) {
        // Waits for transactions that are about to move the positions.
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(partitions));
        Map<TopicPartition, Long> firsts = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> starts = new HashMap<>();
        OffsetSnapshot written = scored.written(admin);
        for (TopicPartition partition : partitions) {
            scored.check(partition.partition(), written);
            OffsetAndMetadata position = committed.get(partition);
            long start = position == null ? scored.resumeAt(partition.partition(), written) : position.offset();
            starts.put(
                    partition,
                    within(partition, start, firsts.getOrDefault(partition, 0L), ends.getOrDefault(partition, 0L)));
        }
        return starts;
    }

    void check() {
        scored.check(scored.written(admin));
    }

    private static long within(TopicPartition partition, long start, long first, long end) {
        if (start > end) {
            throw new ProgramFailure("documents of " + partition + " are scored to offset " + start
                    + ", but it ends at " + end
                    + ": it was probably deleted and created again; use another topic.prefix for other documents");
        }
        if (start > 0 && start < first) {
            System.err.println("documents of " + partition + " from offset " + start + " to " + first
                    + " were deleted before they were scored");
        }
        return Math.max(start, first);
    }
}
