package org.bandpass.schemas;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.NullMarked;

/**
 * The end that {@code --until-caught-up} waits for. It includes transactions that are open at the start, so the wait
 * lasts until they are decided: at most their time-out and the broker's clean-up interval.
 *
 * @param ends read-uncommitted end offset of each partition at the start
 */
@NullMarked
public record CatchUp(Map<TopicPartition, Long> ends) {

    /** Callers give up if no position moves for this long: default transaction time-out, clean-up interval, reserve. */
    public static final Duration PATIENCE = Duration.ofSeconds(60 + 10 + 20);

    /**
     * Takes the current ends of a topic.
     *
     * @throws KafkaException if the cluster does not answer, or refuses
     */
    public static CatchUp of(Admin admin, String topic, int partitions) {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (int p = 0; p < partitions; p++) {
            latest.put(new TopicPartition(topic, p), OffsetSpec.latest());
        }
        Map<TopicPartition, Long> ends = new HashMap<>();
        try {
            admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                    .all()
                    .get()
                    .forEach((partition, end) -> ends.put(partition, end.offset()));
            return new CatchUp(ends);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException refused) {
                throw refused;
            }
            throw new IllegalStateException("cannot read the end of topic " + topic + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading the end of topic " + topic, e);
        }
    }

    /** Returns whether the positions have reached the ends; a partition without a position is at offset 0. */
    public boolean reached(Map<TopicPartition, Long> positions) {
        return behind(positions).isEmpty();
    }

    /** Returns the partitions that have not reached their end, by number. */
    public List<TopicPartition> behind(Map<TopicPartition, Long> positions) {
        return ends.entrySet().stream()
                .filter(end -> positions.getOrDefault(end.getKey(), 0L) < end.getValue())
                .map(Map.Entry::getKey)
                .sorted(Comparator.comparingInt(TopicPartition::partition))
                .toList();
    }
}
