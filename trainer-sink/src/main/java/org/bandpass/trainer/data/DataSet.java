package org.bandpass.trainer.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.OffsetRange;
import org.bandpass.schemas.OffsetSnapshot;

/**
 * The documents of a snapshot that a run is trained on, of each partition by ordinal, in blocks. Immutable, whatever
 * arrives in the topic later.
 *
 * @param blocks by partition, then by ordinal
 */
public record DataSet(List<PartitionRecords> partitions, List<DataBlock> blocks) {

    /** The data of a run that has ended. */
    public static final DataSet NONE = new DataSet(List.of(), List.of());

    public long documents() {
        return partitions.stream().mapToLong(PartitionRecords::count).sum();
    }

    public long bytes() {
        return blocks.stream().mapToLong(DataBlock::bytes).sum();
    }

    /** Returns the ranges for the run's records and checkpoints. */
    public List<OffsetRange> ranges() {
        return partitions.stream()
                .map(p -> new OffsetRange(p.partition().partition(), p.from(), p.to(), (long) p.count()))
                .toList();
    }

    /**
     * Returns positions after which a partition has as many documents as the first pass has left. The order of the
     * training is not that of the partition, so a position says how many documents are left, not which.
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

    /** Returns the snapshot of recorded ranges. */
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
