package org.bandpass.eval.figures;

import java.util.Collection;
import org.bandpass.schemas.EvaluationRow;
import org.jspecify.annotations.Nullable;

/**
 * Figures over some rows of a task: sums, from which ratios are derived last.
 *
 * @param answered rows that have an answer, right or wrong
 * @param right sum of {@code correct} over those
 * @param chance accuracy of guessing
 * @param nats sum of -ln p
 * @param tokens tokens that the nats are of
 * @param bytes UTF-8 bytes that the nats are of
 * @param standardError of the accuracy: sample standard deviation / √answered; null under two answers
 * @param bitsPerByteError standard error of the bits per byte; null under two rows or without bytes
 */
public record RowFigures(
        long rows,
        long answered,
        double right,
        double chance,
        double nats,
        long tokens,
        long bytes,
        @Nullable Double standardError,
        @Nullable Double bitsPerByteError) {

    static final double LN_2 = Math.log(2);

    public static RowFigures of(Collection<EvaluationRow> rows, double chance) {
        long answered = 0;
        double right = 0;
        double nats = 0;
        long tokens = 0;
        long bytes = 0;
        for (EvaluationRow row : rows) {
            Double correct = row.getCorrect();
            if (correct != null) {
                answered++;
                right += correct;
            }
            nats += row.getNats();
            tokens += row.getTokens();
            bytes += row.getBytes();
        }
        return new RowFigures(
                rows.size(),
                answered,
                right,
                chance,
                nats,
                tokens,
                bytes,
                accuracyError(rows, answered, right),
                bitsPerByteError(rows, nats, bytes));
    }

    private static @Nullable Double accuracyError(Collection<EvaluationRow> rows, long answered, double right) {
        if (answered < 2) {
            return null;
        }
        double mean = right / answered;
        double squares = 0;
        for (EvaluationRow row : rows) {
            Double correct = row.getCorrect();
            if (correct != null) {
                squares += (correct - mean) * (correct - mean);
            }
        }
        return Math.sqrt(squares / (answered - 1) / answered);
    }

    /**
     * The usual error of a ratio of sums over n documents (Cochran, Sampling Techniques, 6.3): with R = Σnats/Σbytes,
     * √(n/(n−1) · Σ(natsᵢ − R·bytesᵢ)²) / Σbytes. Documents, not tokens, are what was drawn at random.
     */
    private static @Nullable Double bitsPerByteError(Collection<EvaluationRow> rows, double nats, long bytes) {
        int n = rows.size();
        if (n < 2 || bytes == 0) {
            return null;
        }
        double ratio = nats / bytes;
        double squares = 0;
        for (EvaluationRow row : rows) {
            double residual = row.getNats() - ratio * row.getBytes();
            squares += residual * residual;
        }
        return Math.sqrt(n / (n - 1.0) * squares) / bytes / LN_2;
    }

    /** Returns the share of answers that are right, or null where there are none. */
    public @Nullable Double accuracy() {
        return answered == 0 ? null : right / answered;
    }

    /** Returns (accuracy − chance) / (1 − chance), which may be negative, or null where there are no answers. */
    public @Nullable Double normalisedAccuracy() {
        Double accuracy = accuracy();
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
