package org.bandpass.schemas;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * Offset ranges of one topic, taken at one moment: [beginning, end) of each partition.
 *
 * <p>Reading a snapshot visits the partitions in order, each from its first offset to its last, and ends. Where an end
 * lies after an open transaction, reading waits until that is decided.
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
    /** Usually a marker or two follow the last record. */
    private static final int FIRST_LOOK = 4;
    /** A consumer waits in silence for a cluster that is away; after this long without a record the cluster is asked. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    /**
     * Takes a snapshot as the consumer sees the topic now. With read committed that is less than was written: an open
     * transaction's records lie beyond, and for a moment those of one whose commit has returned, because its markers
     * come later. For displays; what decides by a topic's content takes {@link #written}.
     *
     * @throws IllegalStateException if there is no such topic
     */
    public static OffsetSnapshot visible(Consumer<?, ?> consumer, String topic) {
        List<TopicPartition> partitions = partitionsOf(consumer, topic);
        return of(topic, consumer.beginningOffsets(partitions), consumer.endOffsets(partitions));
    }

    /**
     * Takes a snapshot of everything that was written up to now, in transactions that are decided or not.
     *
     * @throws IllegalStateException if there is no such topic
     */
    public static OffsetSnapshot written(Admin admin, Consumer<?, ?> consumer, String topic) {
        List<TopicPartition> partitions = partitionsOf(consumer, topic);
        Map<TopicPartition, Long> ends =
                CatchUp.of(admin, topic, partitions.size()).ends();
        return of(topic, consumer.beginningOffsets(partitions), ends);
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

    /** Returns the number of offsets, which is at least that of the records. */
    public long length() {
        return to.entrySet().stream()
                .mapToLong(end -> end.getValue() - from.getOrDefault(end.getKey(), 0L))
                .sum();
    }

    /** Returns the part of the snapshot that lies in one of its partitions. */
    public OffsetSnapshot of(TopicPartition partition) {
        return new OffsetSnapshot(
                topic,
                Map.of(partition, from.getOrDefault(partition, 0L)),
                Map.of(partition, to.getOrDefault(partition, 0L)));
    }

    /**
     * Visits every record of the snapshot that the consumer may see; it must be assigned to nothing else meanwhile.
     *
     * @throws OpenTransactionException if one is not decided for {@link CatchUp#PATIENCE}
     */
    public void read(Consumer<byte[], byte[]> consumer, Visitor visitor) {
        read(consumer, visitor, CatchUp.PATIENCE);
    }

    void read(Consumer<byte[], byte[]> consumer, Visitor visitor, Duration patience) {
        for (Map.Entry<TopicPartition, Long> end : to.entrySet()) {
            TopicPartition partition = end.getKey();
            consumer.assign(List.of(partition));
            consumer.seek(partition, from.getOrDefault(partition, 0L));
            read(consumer, partition, end.getValue(), visitor, silent -> {
                if (silent.compareTo(patience) > 0) {
                    waitThroughOutage(() -> requireDecided(consumer, partition, silent, patience));
                }
            });
        }
        consumer.unsubscribe();
    }

    /**
     * Returns the last record of a partition that the consumer may see, or null. Looks back further and further: few
     * markers follow it, but maybe many aborted records.
     *
     * @throws OpenTransactionException if one is not decided for {@link CatchUp#PATIENCE}
     * @throws TimeoutException if the cluster does not answer
     */
    public @Nullable ConsumerRecord<byte[], byte[]> last(Consumer<byte[], byte[]> consumer, TopicPartition partition) {
        return last(consumer, partition, record -> true);
    }

    /** Returns the last record as {@link #last(Consumer, TopicPartition)} does, but only one that is wanted. */
    public @Nullable ConsumerRecord<byte[], byte[]> last(
            Consumer<byte[], byte[]> consumer,
            TopicPartition partition,
            Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
        return last(consumer, partition, wanted, SILENCE);
    }

    @Nullable
    ConsumerRecord<byte[], byte[]> last(
            Consumer<byte[], byte[]> consumer,
            TopicPartition partition,
            Predicate<ConsumerRecord<byte[], byte[]>> wanted,
            Duration silence) {
        long first = from.getOrDefault(partition, 0L);
        long end = to.getOrDefault(partition, 0L);
        List<ConsumerRecord<byte[], byte[]>> last = new ArrayList<>();
        consumer.assign(List.of(partition));
        for (long back = FIRST_LOOK; last.isEmpty() && end > first; back *= FIRST_LOOK) {
            long begin = Math.max(first, end - back);
            consumer.seek(partition, begin);
            read(
                    consumer,
                    partition,
                    end,
                    record -> {
                        if (wanted.test(record)) {
                            last.clear();
                            last.add(record);
                        }
                    },
                    silent -> {
                        if (silent.compareTo(silence) > 0) {
                            requireDecided(consumer, partition, silent, CatchUp.PATIENCE);
                        }
                    });
            end = begin;
        }
        consumer.unsubscribe();
        return last.isEmpty() ? null : last.get(0);
    }

    /** Receives for how long no record has come. */
    private interface Silence {
        void lasts(Duration silent);
    }

    private static void read(
            Consumer<byte[], byte[]> consumer, TopicPartition partition, long end, Visitor visitor, Silence silence) {
        long position = consumer.position(partition);
        long movedAt = System.nanoTime();
        while (position < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < end) {
                    visitor.visit(record);
                }
            }
            // The position also moves over transaction markers and aborted records, which are never visited.
            long now = consumer.position(partition);
            if (now != position) {
                movedAt = System.nanoTime();
            } else {
                silence.lasts(Duration.ofNanos(System.nanoTime() - movedAt));
            }
            position = now;
        }
    }

    /** Asks the cluster where the partition ends. */
    private static void requireDecided(
            Consumer<?, ?> consumer, TopicPartition partition, Duration silent, Duration patience) {
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        long position = consumer.position(partition);
        if (end <= position && silent.compareTo(patience) > 0) {
            throw new OpenTransactionException(partition, position, patience);
        }
    }

    /** Whole topics take hours to read: an outage in between must not begin it again. */
    private static void waitThroughOutage(Runnable request) {
        try {
            request.run();
        } catch (TimeoutException e) {
            // The next poll waits on.
        }
    }

    private static OffsetSnapshot of(String topic, Map<TopicPartition, Long> from, Map<TopicPartition, Long> to) {
        return new OffsetSnapshot(topic, sorted(from), sorted(to));
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
