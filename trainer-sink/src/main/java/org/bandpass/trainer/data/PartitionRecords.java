package org.bandpass.trainer.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.OffsetSnapshot;

/** Where the documents of one partition of a snapshot lie: offset by ordinal, four bytes a document. */
final class PartitionRecords {

    /** A block of long documents ends early, so that memory is bounded by bytes as well as by records. */
    private static final long BLOCK_BYTES = 4 << 20;

    private final TopicPartition partition;
    private final long from;
    private final long to;
    private int[] offsets = new int[256];
    private int count;
    private int blockFirst;
    private long blockBytes;

    /** Begins empty. */
    PartitionRecords(TopicPartition partition, long from, long to) {
        this.partition = partition;
        this.from = from;
        this.to = to;
    }

    /** Adds the next document; closes a block when it is full. */
    void add(long offset, long bytes, int blockRecords, List<DataBlock> blocks) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, Math.multiplyExact(count, 2));
        }
        offsets[count++] = Math.toIntExact(offset - from);
        blockBytes += bytes;
        if (count - blockFirst >= blockRecords || blockBytes >= BLOCK_BYTES) {
            close(blocks);
        }
    }

    /** Closes the last block. */
    void close(List<DataBlock> blocks) {
        if (count > blockFirst) {
            blocks.add(new DataBlock(partition.partition(), blockFirst, count - blockFirst, blockBytes));
        }
        blockFirst = count;
        blockBytes = 0;
    }

    TopicPartition partition() {
        return partition;
    }

    long from() {
        return from;
    }

    long to() {
        return to;
    }

    int count() {
        return count;
    }

    /** Returns the offset of a document, or where the snapshot ends for the ordinal after the last. */
    long offset(int ordinal) {
        return ordinal == count ? to : from + offsets[ordinal];
    }

    static List<PartitionRecords> of(OffsetSnapshot snapshot) {
        List<PartitionRecords> partitions = new ArrayList<>();
        snapshot.to()
                .forEach((partition, to) -> partitions.add(
                        new PartitionRecords(partition, snapshot.from().getOrDefault(partition, 0L), to)));
        return partitions;
    }
}
