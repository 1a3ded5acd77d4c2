package org.bandpass.trainer.data;

/**
 * The rows of one optimizer step.
 *
 * @param rows ids, [row, token]
 * @param trained documents of each partition that are in rows up to here, in the first pass
 */
public record StepRows(int[][] rows, DataPosition after, int[] trained) {}
