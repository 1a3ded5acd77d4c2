package org.bandpass.eval.results;

import org.bandpass.eval.figures.PairedComparison;
import org.bandpass.eval.figures.RowFigures;
import org.jspecify.annotations.Nullable;

/**
 * A model's likelihood of held-out text; the components are fields of results.json.
 *
 * @param bitsPerByte nats of all rows / (bytes of all rows · ln 2)
 * @param perplexity e^(nats of all rows / tokens of all rows)
 * @param difference bits per byte minus the control's over common rows; null for the control
 */
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
