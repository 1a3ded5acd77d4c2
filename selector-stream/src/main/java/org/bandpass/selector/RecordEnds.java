package org.bandpass.selector;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;

/**
 * Where a topic ends, in records: the offset after the last committed record of each partition, 0 where there is none.
 * Offsets beyond hold transaction markers and aborted records only, which no position needs to pass.
 *
 * @param topic the topic
 * @param offsets by partition
 */
record RecordEnds(String topic, Map<Integer, Long> offsets) {

    private static final Duration POLL = Duration.ofMillis(100);

    RecordEnds {
        offsets = Map.copyOf(offsets);
    }

    /**
     * Takes the ends now. Transactions that are open now are waited for, at most their timeout and the broker's clean-up.
     *
     * @throws ProgramFailure if one stays open
     */
    static RecordEnds take(Admin admin, Consumer<byte[], byte[]> reader, String topic, Stop stop) {
        int partitions = OffsetSnapshot.partitionsOf(reader, topic).size();
        CatchUp ends = CatchUp.of(admin, topic, partitions);
        awaitDecided(reader, ends, topic, stop);
        Map<Integer, Long> offsets = new TreeMap<>();
        Map<TopicPartition, Long> beginnings =
                reader.beginningOffsets(ends.ends().keySet());
        ends.ends()
                .forEach((partition, end) -> offsets.put(
                        partition.partition(),
                        lastRecord(reader, partition, beginnings.getOrDefault(partition, 0L), end)));
        reader.unsubscribe();
        return new RecordEnds(topic, offsets);
    }

    /** Read-committed ends stand before the first open transaction. */
    private static void awaitDecided(Consumer<byte[], byte[]> reader, CatchUp ends, String topic, Stop stop) {
        long began = System.nanoTime();
        List<TopicPartition> open = ends.behind(reader.endOffsets(ends.ends().keySet()));
        while (!open.isEmpty() && !stop.await(POLL)) {
            if (System.nanoTime() - began > CatchUp.PATIENCE.toNanos()) {
                throw new ProgramFailure("partition " + open.get(0).partition() + " of topic " + topic
                        + " has a transaction that was open for " + CatchUp.PATIENCE.toSeconds()
                        + " s: end the program that writes there, or abort it with kafka-transactions");
            }
            open = ends.behind(reader.endOffsets(ends.ends().keySet()));
        }
    }

    /** Looks backwards in growing steps: markers are few, aborted records may be many. */
    private static long lastRecord(
            Consumer<byte[], byte[]> reader, TopicPartition partition, long beginning, long end) {
        long upper = end;
        for (long step = 4; upper > beginning; step *= 4) {
            long lower = Math.max(beginning, upper - step);
            long last = lastRecordWithin(reader, partition, lower, upper);
            if (last >= 0) {
                return last + 1;
            }
            upper = lower;
        }
        return 0;
    }

    private static long lastRecordWithin(
            Consumer<byte[], byte[]> reader, TopicPartition partition, long lower, long upper) {
        reader.assign(List.of(partition));
        reader.seek(partition, lower);
        long last = -1;
        while (reader.position(partition) < upper) {
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                if (record.offset() < upper) {
                    last = record.offset();
                }
            }
        }
        return last;
    }

    /** Returns whether positions have reached the ends. */
    boolean reachedBy(IntToLongFunction position) {
        return behind(position).isEmpty();
    }

    /** Returns the partitions whose position has not reached the end, by number. */
    List<Integer> behind(IntToLongFunction position) {
        return offsets.entrySet().stream()
                .filter(end -> end.getValue() > 0 && position.applyAsLong(end.getKey()) < end.getValue())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** Returns whether the topic holds no record. */
    boolean isEmpty() {
        return offsets.values().stream().allMatch(end -> end == 0);
    }
}
