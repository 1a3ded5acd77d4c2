package org.bandpass.trainer.data;

/**
 * Bounds of the shuffle; each value gives another order.
 *
 * @param blockRecords consecutive records of a partition that are read together
 * @param bufferRecords most records that are shuffled together
 * @param bufferBytes most bytes of text that are shuffled together, unless one block has more
 */
public record Shuffle(int blockRecords, int bufferRecords, long bufferBytes) {}
