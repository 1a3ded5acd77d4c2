package org.bandpass.scorer;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.CatchUp;
import org.bandpass.service.ProgramFailure;

/** Finds out when the whole group has committed everything that existed at the start. Belongs to the consumer's thread. */
final class UntilCaughtUp {

    private static final long ASK_NANOS = Duration.ofMillis(500).toNanos();

    private final CatchUp ends;
    private final Duration patience;
    private final Consumer<?, ?> consumer;
    private final long silenceNanos;
    private Map<TopicPartition, Long> before = Map.of();
    private long movedAt = System.nanoTime();
    private long askedAt = movedAt - ASK_NANOS;
    private long pingedAt = movedAt;

    /**
     * Waits for ends.
     *
     * @param patience how long a member may be idle while its partitions are behind
     * @param consumer member of the group
     * @param silence idle time after which the cluster is asked for a sign of life: consumers wait for it in silence
     */
    UntilCaughtUp(CatchUp ends, Duration patience, Consumer<?, ?> consumer, Duration silence) {
        this.ends = ends;
        this.patience = patience;
        this.consumer = consumer;
        this.silenceNanos = silence.toNanos();
    }

    /**
     * Returns whether all is done.
     *
     * @param own committed positions of this member's partitions
     * @param busy whether any of these partitions continues without another document
     * @throws ProgramFailure if one of them makes no progress
     * @throws KafkaException if the cluster does not answer
     */
    boolean isReached(Map<TopicPartition, Long> own, boolean busy) {
        long now = System.nanoTime();
        if (busy || !own.equals(before)) {
            before = own;
            movedAt = now;
        }
        List<TopicPartition> behind =
                ends.behind(own).stream().filter(own::containsKey).toList();
        if (busy || !behind.isEmpty()) {
            giveUpAfterPatience(own, behind, now);
            return false;
        }
        if (own.keySet().containsAll(ends.ends().keySet())) {
            return true;
        }
        if (now - askedAt < ASK_NANOS) {
            return false;
        }
        askedAt = now;
        return ends.reached(withOthers(own));
    }

    /** Returns the number of offsets left for this member. */
    long remaining(Map<TopicPartition, Long> own) {
        return own.entrySet().stream()
                .mapToLong(position ->
                        Math.max(0, ends.ends().getOrDefault(position.getKey(), 0L) - Math.max(0, position.getValue())))
                .sum();
    }

    private void giveUpAfterPatience(Map<TopicPartition, Long> own, List<TopicPartition> behind, long now) {
        if (now - movedAt > silenceNanos && now - pingedAt > silenceNanos) {
            consumer.endOffsets(behind);
            pingedAt = System.nanoTime();
        }
        if (now - movedAt > patience.toNanos()) {
            TopicPartition stuck = behind.get(0);
            throw new ProgramFailure("cannot catch up: " + stuck + " stands at offset "
                    + Math.max(0, own.getOrDefault(stuck, 0L)) + " of "
                    + ends.ends().get(stuck)
                    + "; a transaction of an ingest is probably open for longer than its timeout");
        }
    }

    private Map<TopicPartition, Long> withOthers(Map<TopicPartition, Long> own) {
        Set<TopicPartition> others = new HashSet<>(ends.ends().keySet());
        others.removeAll(own.keySet());
        Map<TopicPartition, Long> all = new HashMap<>(own);
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(others);
        committed.forEach((partition, position) -> {
            if (position != null) {
                all.put(partition, position.offset());
            }
        });
        return all;
    }
}
