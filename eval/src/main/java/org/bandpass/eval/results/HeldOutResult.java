package org.bandpass.eval.results;

import org.bandpass.eval.figures.PairedComparison;
import org.bandpass.eval.figures.RowFigures;
import org.jspecify.annotations.Nullable;

/** A model's likelihood of held-out text; docs/results.md explains the components. */
public record HeldOutResult(
        @Nullable Double bitsPerByte,
        @Nullable Double perplexity,
        long documents,
        @Nullable Double difference,
        @Nullable Double differenceStandardError) {

    static HeldOutResult of(RowFigures figures, PairedComparison compared) {
        return new HeldOutResult(
                figures.bitsPerByte(),
                figures.perplexity(),
                figures.rows(),
                compared.bitsPerByteDifference(),
                compared.bitsPerByteError());
    }
}
