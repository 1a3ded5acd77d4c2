package org.bandpass.schemas;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.NullMarked;

/**
 * Offset ranges of one topic, taken at one moment: [beginning, end) of each partition.
 *
 * <p>Reading a snapshot visits the partitions in order, each from its first offset to its last, and ends. Ends are
 * those of the consumer's isolation level: with read committed, an open transaction's records lie beyond.
 *
 * @param topic the topic
 * @param from first offset by partition
 * @param to offset after the last by partition
 */
@NullMarked
public record OffsetSnapshot(String topic, Map<TopicPartition, Long> from, Map<TopicPartition, Long> to) {

    /** Receives one record; what it throws ends the reading. */
    public interface Visitor {
        void visit(ConsumerRecord<byte[], byte[]> record);
    }

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LOOK = Duration.ofMillis(20);

    /**
     * Takes a snapshot as the consumer sees the topic now (read committed).
     *
     * @throws IllegalStateException if there is no such topic
     */
    public static OffsetSnapshot take(Consumer<?, ?> consumer, String topic) {
        List<TopicPartition> partitions = partitionsOf(consumer, topic);
        return new OffsetSnapshot(
                topic, sorted(consumer.beginningOffsets(partitions)), sorted(consumer.endOffsets(partitions)));
    }

    /**
     * Takes a snapshot of everything that was written up to now: markers of a transaction come after its commit has
     * returned, and until then read-committed ends stand before it.
     *
     * @param atMost how long to wait for transactions that stay open; then their records lie beyond the snapshot
     */
    public static OffsetSnapshot settled(Admin admin, Consumer<?, ?> consumer, String topic, Duration atMost) {
        CatchUp written = CatchUp.of(admin, topic, partitionsOf(consumer, topic).size());
        long began = System.nanoTime();
        OffsetSnapshot now = take(consumer, topic);
        while (!written.reached(now.to()) && System.nanoTime() - began < atMost.toNanos()) {
            LockSupport.parkNanos(LOOK.toNanos());
            now = take(consumer, topic);
        }
        return now;
    }

    /** Returns the partitions of a topic by number. */
    public static List<TopicPartition> partitionsOf(Consumer<?, ?> consumer, String topic) {
        List<PartitionInfo> infos = consumer.partitionsFor(topic);
        if (infos == null || infos.isEmpty()) {
            throw new IllegalStateException("there is no topic " + topic);
        }
        List<TopicPartition> partitions = new ArrayList<>();
        for (int p = 0; p < infos.size(); p++) {
            partitions.add(new TopicPartition(topic, p));
        }
        return partitions;
    }

    /** Visits every committed record of the snapshot; the consumer must be assigned to nothing else meanwhile. */
    public void read(Consumer<byte[], byte[]> consumer, Visitor visitor) {
        for (Map.Entry<TopicPartition, Long> end : to.entrySet()) {
            TopicPartition partition = end.getKey();
            long position = from.getOrDefault(partition, 0L);
            consumer.assign(List.of(partition));
            consumer.seek(partition, position);
            while (position < end.getValue()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.offset() < end.getValue()) {
                        visitor.visit(record);
                    }
                }
                // The position also moves over transaction markers and aborted records, which are never visited.
                position = consumer.position(partition);
            }
        }
        consumer.unsubscribe();
    }

    private static Map<TopicPartition, Long> sorted(Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, Long> byPartition = new LinkedHashMap<>();
        offsets.entrySet().stream()
                .sorted((a, b) ->
                        Integer.compare(a.getKey().partition(), b.getKey().partition()))
                .forEach(e -> byPartition.put(e.getKey(), e.getValue()));
        return byPartition;
    }
}
