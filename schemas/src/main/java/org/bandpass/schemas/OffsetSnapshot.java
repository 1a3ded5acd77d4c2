package org.bandpass.schemas;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * Offset ranges of one topic at one moment: [from, to) of each partition, ordered by partition. Reading waits for open
 * transactions that begin before an end.
 *
 * @param from first offset by partition
 * @param to offset after the last by partition
 */
@NullMarked
public record OffsetSnapshot(String topic, Map<TopicPartition, Long> from, Map<TopicPartition, Long> to) {

    /** Receives one record; an exception ends the reading. */
    public interface Visitor {
        void visit(ConsumerRecord<byte[], byte[]> record);
    }

    private static final Duration POLL = Duration.ofMillis(200);
    /** Usually one or two markers follow the last record. */
    private static final int FIRST_STEP_BACK = 4;
    /** A consumer reports no error while the cluster is away; after this long without a record, ask the cluster. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    public OffsetSnapshot {
        from = byPartition(from);
        to = byPartition(to);
    }

    /**
     * Takes a snapshot as the consumer sees the topic now. With read committed, it lacks the records of open
     * transactions, and for a moment those of a transaction whose commit has returned, because its markers follow
     * later. For displays; decisions need {@link #written}.
     *
     * @throws IllegalStateException if there is no such topic
     */
    public static OffsetSnapshot visible(Consumer<?, ?> consumer, String topic) {
        List<TopicPartition> partitions = partitionsOf(consumer, topic);
        return new OffsetSnapshot(topic, consumer.beginningOffsets(partitions), consumer.endOffsets(partitions));
    }

    /**
     * Takes a snapshot of everything that has been written so far, open transactions included.
     *
     * @throws IllegalStateException if there is no such topic
     */
    public static OffsetSnapshot written(Admin admin, Consumer<?, ?> consumer, String topic) {
        List<TopicPartition> partitions = partitionsOf(consumer, topic);
        CatchUp now = CatchUp.of(admin, topic, partitions.size());
        return new OffsetSnapshot(topic, consumer.beginningOffsets(partitions), now.ends());
    }

    /** Returns the partitions of a topic by number. */
    public static List<TopicPartition> partitionsOf(Consumer<?, ?> consumer, String topic) {
        List<PartitionInfo> infos = consumer.partitionsFor(topic);
        if (infos == null || infos.isEmpty()) {
            throw new IllegalStateException("there is no topic " + topic);
        }
        return IntStream.range(0, infos.size())
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    /** Returns the number of offsets, which is at least the number of records. */
    public long length() {
        return to.keySet().stream()
                .mapToLong(partition -> end(partition) - begin(partition))
                .sum();
    }

    /** Returns the snapshot of one of its partitions. */
    public OffsetSnapshot of(TopicPartition partition) {
        return new OffsetSnapshot(topic, Map.of(partition, begin(partition)), Map.of(partition, end(partition)));
    }

    private long begin(TopicPartition partition) {
        return from.getOrDefault(partition, 0L);
    }

    private long end(TopicPartition partition) {
        return to.getOrDefault(partition, 0L);
    }

    /**
     * Visits the records that the consumer may see, partition by partition. The consumer must not be used otherwise.
     *
     * @throws OpenTransactionException if a transaction stays open for {@link CatchUp#PATIENCE}
     */
    public void read(Consumer<byte[], byte[]> consumer, Visitor visitor) {
        read(consumer, visitor, CatchUp.PATIENCE);
    }

    void read(Consumer<byte[], byte[]> consumer, Visitor visitor, Duration patience) {
        for (TopicPartition partition : to.keySet()) {
            read(consumer, partition, begin(partition), end(partition), visitor, silent -> {
                if (silent > patience.toNanos()) {
                    try {
                        requireDecided(consumer, partition, silent, patience);
                    } catch (TimeoutException e) {
                        // A large topic takes hours to read, so an outage must not restart it: the next poll waits.
                    }
                }
            });
        }
        consumer.unsubscribe();
    }

    /**
     * Returns the last record of a partition that the consumer may see, or null. Searches backwards in growing steps:
     * few markers follow the record, but there may be many aborted records.
     *
     * @throws OpenTransactionException if a transaction stays open for {@link CatchUp#PATIENCE}
     * @throws TimeoutException if the cluster does not answer
     */
    public @Nullable ConsumerRecord<byte[], byte[]> last(Consumer<byte[], byte[]> consumer, TopicPartition partition) {
        return last(consumer, partition, record -> true);
    }

    /** Returns the last wanted record of a partition, as {@link #last(Consumer, TopicPartition)} does. */
    public @Nullable ConsumerRecord<byte[], byte[]> last(
            Consumer<byte[], byte[]> consumer,
            TopicPartition partition,
            Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
        AtomicReference<@Nullable ConsumerRecord<byte[], byte[]>> last = new AtomicReference<>();
        Visitor keep = record -> {
            if (wanted.test(record)) {
                last.set(record);
            }
        };
        long end = end(partition);
        for (long back = FIRST_STEP_BACK; last.get() == null && end > begin(partition); back *= FIRST_STEP_BACK) {
            long begin = Math.max(begin(partition), end - back);
            read(consumer, partition, begin, end, keep, silent -> {
                if (silent > SILENCE.toNanos()) {
                    requireDecided(consumer, partition, silent, CatchUp.PATIENCE);
                }
            });
            end = begin;
        }
        consumer.unsubscribe();
        return last.get();
    }

    /** Visits the records of a range; {@code silence} receives for how many nanoseconds there has been none. */
    private static void read(
            Consumer<byte[], byte[]> consumer,
            TopicPartition partition,
            long begin,
            long end,
            Visitor visitor,
            LongConsumer silence) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, begin);
        long position = begin;
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
                silence.accept(System.nanoTime() - movedAt);
            }
            position = now;
        }
    }

    /** Asks the cluster for the end of the partition, and fails if the consumer has stayed there for too long. */
    private static void requireDecided(
            Consumer<?, ?> consumer, TopicPartition partition, long silent, Duration patience) {
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        long position = consumer.position(partition);
        if (end <= position && silent > patience.toNanos()) {
            throw new OpenTransactionException(partition, position, patience);
        }
    }

    private static Map<TopicPartition, Long> byPartition(Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, Long> sorted = new TreeMap<>(Comparator.comparingInt(TopicPartition::partition));
        sorted.putAll(offsets);
        return sorted;
    }
}
