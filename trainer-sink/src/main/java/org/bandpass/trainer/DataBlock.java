package org.bandpass.trainer;

/**
 * Consecutive documents of one partition that are read together.
 *
 * @param partition the partition
 * @param first ordinal of the first among the partition's documents
 * @param records number of documents
 * @param bytes bytes of their texts
 */
record DataBlock(int partition, int first, int records, long bytes) {

    int end() {
        return first + records;
    }
}
