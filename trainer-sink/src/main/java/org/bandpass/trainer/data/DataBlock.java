package org.bandpass.trainer.data;

/**
 * Consecutive documents of one partition that are read together.
 *
 * @param first ordinal of the first among the partition's documents
 */
public record DataBlock(int partition, int first, int records, long bytes) {

    public int end() {
        return first + records;
    }
}
