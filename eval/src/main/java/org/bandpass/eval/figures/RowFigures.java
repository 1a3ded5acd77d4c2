package org.bandpass.eval.figures;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.bandpass.schemas.EvaluationRow;
import org.jspecify.annotations.Nullable;

/**
 * Figures over some rows of a task: sums, from which ratios are derived last.
 *
 * @param accuracy share of answers that are right; null without answers
 * @param standardError of the accuracy; null under two answers
 * @param chance accuracy of guessing
 * @param nats sum of -ln p
 * @param tokens tokens that the nats are of
 * @param bytes UTF-8 bytes that the nats are of
 * @param bitsPerByteError standard error of the bits per byte; null under two rows or without bytes
 */
public record RowFigures(
        long rows,
        @Nullable Double accuracy,
        @Nullable Double standardError,
        double chance,
        double nats,
        long tokens,
        long bytes,
        @Nullable Double bitsPerByteError) {

    private static final double LN_2 = Math.log(2);

    public static RowFigures of(Collection<EvaluationRow> rows, double chance) {
        List<Double> answers = rows.stream()
                .map(EvaluationRow::getCorrect)
                .filter(Objects::nonNull)
                .toList();
        double nats = sum(rows.stream().map(EvaluationRow::getNats).toList());
        long tokens = rows.stream().mapToLong(EvaluationRow::getTokens).sum();
        long bytes = rows.stream().mapToLong(EvaluationRow::getBytes).sum();
        return new RowFigures(
                rows.size(),
                mean(answers),
                meanError(answers),
                chance,
                nats,
                tokens,
                bytes,
                bytes == 0
                        ? null
                        : ratioError(rows.stream()
                                .map(row -> residual(row, nats, bytes))
                                .toList()));
    }

    private static double sum(List<Double> values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    static @Nullable Double mean(List<Double> values) {
        return values.isEmpty() ? null : sum(values) / values.size();
    }

    /** Returns the standard error of a mean: sample standard deviation / √n; null under two values. */
    static @Nullable Double meanError(List<Double> values) {
        int n = values.size();
        double mean = sum(values) / n;
        double squares = sum(
                values.stream().map(value -> (value - mean) * (value - mean)).toList());
        return n < 2 ? null : Math.sqrt(squares / (n - 1) / n);
    }

    /** Returns a row's part in the error of nats / bytes: (natsᵢ − R·bytesᵢ) / bytes with R = nats / bytes. */
    static double residual(EvaluationRow row, double nats, long bytes) {
        return (row.getNats() - nats / bytes * row.getBytes()) / bytes;
    }

    /**
     * Returns the usual error of a ratio of sums over n rows, in bits (Cochran, Sampling Techniques, 6.3):
     * √(n/(n−1) · Σ residual²); null under two rows. Documents, not tokens, are what was drawn at random.
     */
    static @Nullable Double ratioError(List<Double> residuals) {
        int n = residuals.size();
        double squares =
                sum(residuals.stream().map(residual -> residual * residual).toList());
        return n < 2 ? null : Math.sqrt(n / (n - 1.0) * squares) / LN_2;
    }

    /** Returns (accuracy − chance) / (1 − chance), which may be negative, or null where there are no answers. */
    public @Nullable Double normalisedAccuracy() {
        return accuracy == null ? null : (accuracy - chance) / (1 - chance);
    }

    /** Returns nats / (bytes · ln 2) over all rows together, or null without bytes. */
    public @Nullable Double bitsPerByte() {
        return bytes == 0 ? null : nats / bytes / LN_2;
    }

    /** Returns e to the nats per token over all rows together, or null without tokens. */
    public @Nullable Double perplexity() {
        return tokens == 0 ? null : Math.exp(nats / tokens);
    }
}
