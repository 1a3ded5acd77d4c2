package org.bandpass.trainer.data;

/**
 * Consecutive documents of one partition that are read together.
 *
 * @param partition the partition
 * @param first ordinal of the first among the partition's documents
 * @param records number of documents
 * @param bytes bytes of their texts
 */
public record DataBlock(int partition, int first, int records, long bytes) {

    public int end() {
        return first + records;
    }
}
