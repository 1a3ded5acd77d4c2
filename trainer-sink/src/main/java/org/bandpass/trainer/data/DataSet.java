package org.bandpass.trainer.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.OffsetRange;
import org.bandpass.schemas.OffsetSnapshot;

/**
 * What a snapshot holds for a run: the documents of each partition by ordinal, in blocks. Immutable, whatever arrives
 * in the topic later.
 *
 * @param blocks by partition, then by ordinal
 */
public record DataSet(List<PartitionRecords> partitions, List<DataBlock> blocks) {

    public long documents() {
        return partitions.stream().mapToLong(PartitionRecords::count).sum();
    }

    public long bytes() {
        return blocks.stream().mapToLong(DataBlock::bytes).sum();
    }

    /** Returns the ranges as the run's records and checkpoints have them. */
    public List<OffsetRange> ranges() {
        List<OffsetRange> ranges = new ArrayList<>();
        partitions.forEach(
                p -> ranges.add(new OffsetRange(p.partition().partition(), p.from(), p.to(), (long) p.count())));
        return ranges;
    }

    /**
     * Returns positions after which there are as many documents as are left to train on in the first pass: the order
     * is not that of the partition, so a position says how many, not which.
     *
     * @param trained documents trained on, by partition
     */
    public Map<TopicPartition, Long> positions(int[] trained) {
        Map<TopicPartition, Long> positions = new LinkedHashMap<>();
        for (int p = 0; p < trained.length; p++) {
            positions.put(partitions.get(p).partition(), partitions.get(p).offset(trained[p]));
        }
        return positions;
    }

    /** Returns a snapshot of ranges that were recorded. */
    public static OffsetSnapshot snapshot(String topic, List<OffsetRange> ranges) {
        Map<TopicPartition, Long> from = new LinkedHashMap<>();
        Map<TopicPartition, Long> to = new LinkedHashMap<>();
        for (OffsetRange range : ranges) {
            TopicPartition partition = new TopicPartition(topic, range.getPartition());
            from.put(partition, range.getFrom());
            to.put(partition, range.getTo());
        }
        return new OffsetSnapshot(topic, from, to);
    }
}
