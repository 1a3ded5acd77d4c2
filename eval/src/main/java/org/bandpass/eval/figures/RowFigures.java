package org.bandpass.eval.figures;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        List<EvaluationRow> answered =
                rows.stream().filter(row -> row.getCorrect() != null).toList();
        List<Double> answers = answered.stream()
                .map(EvaluationRow::getCorrect)
                .filter(Objects::nonNull)
                .toList();
        double nats = sum(rows.stream().map(EvaluationRow::getNats).toList());
        long tokens = rows.stream().mapToLong(EvaluationRow::getTokens).sum();
        long bytes = rows.stream().mapToLong(EvaluationRow::getBytes).sum();
        return new RowFigures(
                rows.size(),
                mean(answers),
                meanError(answered.stream().map(RowFigures::document).toList(), answers),
                chance,
                nats,
                tokens,
                bytes,
                bytes == 0
                        ? null
                        : ratioError(
                                rows.stream().map(RowFigures::document).toList(),
                                rows.stream()
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

    /**
     * Returns the document that a row is about: its id up to the first dot. Rows of one document depend on each other, so errors
     * take documents, not rows, as drawn at random.
     */
    static String document(EvaluationRow row) {
        int dot = row.getId().indexOf('.');
        return dot < 0 ? row.getId() : row.getId().substring(0, dot);
    }

    /**
     * Returns the standard error of a mean of values in clusters: √(g/(g−1) · Σ (sum of a cluster's deviations)²) / n over g
     * clusters. With one value a cluster it is the sample standard deviation / √n. Null under two clusters.
     */
    static @Nullable Double meanError(List<String> clusters, List<Double> values) {
        double mean = sum(values) / values.size();
        Double error = clusteredError(
                clusters, values.stream().map(value -> value - mean).toList());
        return error == null ? null : error / values.size();
    }

    private static @Nullable Double clusteredError(List<String> clusters, List<Double> deviations) {
        Map<String, Double> sums = new LinkedHashMap<>();
        for (int i = 0; i < deviations.size(); i++) {
            sums.merge(clusters.get(i), deviations.get(i), Double::sum);
        }
        int g = sums.size();
        double squares = sum(sums.values().stream().map(value -> value * value).toList());
        return g < 2 ? null : Math.sqrt(g / (g - 1.0) * squares);
    }

    /** Returns a row's part in the error of nats / bytes: (natsᵢ − R·bytesᵢ) / bytes with R = nats / bytes. */
    static double residual(EvaluationRow row, double nats, long bytes) {
        return (row.getNats() - nats / bytes * row.getBytes()) / bytes;
    }

    /**
     * Returns the usual error of a ratio of sums over n rows, in bits (Cochran, Sampling Techniques, 6.3):
     * √(n/(n−1) · Σ residual²); null under two rows. Documents, not tokens, are what was drawn at random.
     */
    static @Nullable Double ratioError(List<String> clusters, List<Double> residuals) {
        Double error = clusteredError(clusters, residuals);
        return error == null ? null : error / LN_2;
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
