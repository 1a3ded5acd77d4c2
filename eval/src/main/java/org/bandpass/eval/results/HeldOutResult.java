package org.bandpass.eval.results;

import org.jspecify.annotations.Nullable;

/**
 * How well a model predicts held-out text.
 *
 * @param bitsPerByte nats of all rows / (bytes of all rows · ln 2)
 * @param perplexity e^(nats of all rows / tokens of all rows)
 * @param difference mean over rows of bits per byte minus the control's, paired by row; null for the control
 * @param differenceError its standard error
 * @param documents held-out documents
 */
public record HeldOutResult(
        @Nullable Double bitsPerByte,
        @Nullable Double perplexity,
        @Nullable Double difference,
        @Nullable Double differenceError,
        long documents) {}
