package org.bandpass.trainer.data;

import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.OffsetSnapshot;

/** The offsets of the documents in one partition of a snapshot, by ordinal; four bytes a document. */
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

    PartitionRecords(TopicPartition partition, long from, long to) {
        this.partition = partition;
        this.from = from;
        this.to = to;
    }

    /** Adds the next document; closes the block when it is full. */
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

    /** Returns the offset of a document; for the ordinal after the last, the end of the snapshot. */
    long offset(int ordinal) {
        return ordinal == count ? to : from + offsets[ordinal];
    }

    static List<PartitionRecords> of(OffsetSnapshot snapshot) {
        return snapshot.to().entrySet().stream()
                .map(to ->
                        new PartitionRecords(to.getKey(), snapshot.from().getOrDefault(to.getKey(), 0L), to.getValue()))
                .toList();
    }
}
