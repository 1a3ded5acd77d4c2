package org.bandpass.trainer.data;

/**
 * How far the data order mixes; another value is another order.
 *
 * @param blockRecords consecutive records of a partition that are read together
 * @param bufferRecords records that are shuffled together at most
 * @param bufferBytes bytes of text that are shuffled together at most, unless one block has more
 */
public record Shuffle(int blockRecords, int bufferRecords, long bufferBytes) {}
