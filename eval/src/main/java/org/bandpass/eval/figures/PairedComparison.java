package org.bandpass.eval.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bandpass.schemas.EvaluationRow;
import org.jspecify.annotations.Nullable;

/**
 * How a run differs from its control on the rows that both have, row by row: what makes a row hard for both cancels out.
 *
 * @param rows rows that both have
 * @param answered rows of those that both answered
 * @param accuracyDifference mean of correct(run) − correct(control); null without answers
 * @param accuracyError its standard error; null under two answers
 * @param bitsPerByteDifference bits per byte of the run − that of the control, each over the common rows together;
 *     negative where the run needs fewer; null without bytes
 * @param bitsPerByteError its standard error; null under two rows
 */
public record PairedComparison(
        long rows,
        long answered,
        @Nullable Double accuracyDifference,
        @Nullable Double accuracyError,
        @Nullable Double bitsPerByteDifference,
        @Nullable Double bitsPerByteError) {

    private record Pair(EvaluationRow run, EvaluationRow control) {}

    /**
     * Compares all rows of a task.
     *
     * @throws IllegalArgumentException if the two are not {@link EvaluationSummary.Task#comparableWith comparable}
     */
    public static PairedComparison of(EvaluationSummary.Task run, EvaluationSummary.Task control) {
        return of(pairs(run, control));
    }

    /** Compares the rows of each group by itself; a group that the two have no row of in common is absent. */
    public static SortedMap<String, PairedComparison> byGroup(
            EvaluationSummary.Task run, EvaluationSummary.Task control) {
        SortedMap<String, List<Pair>> byGroup = new TreeMap<>();
        for (Pair pair : pairs(run, control)) {
            byGroup.computeIfAbsent(pair.run().getGroup(), group -> new ArrayList<>())
                    .add(pair);
        }
        SortedMap<String, PairedComparison> comparisons = new TreeMap<>();
        byGroup.forEach((group, pairs) -> comparisons.put(group, of(pairs)));
        return comparisons;
    }

    private static List<Pair> pairs(EvaluationSummary.Task run, EvaluationSummary.Task control) {
        if (!run.comparableWith(control)) {
            throw new IllegalArgumentException(
                    "scores of " + run.name() + " version " + run.version() + " and " + control.name() + " version "
                            + control.version() + " cannot be compared: evaluate both runs again");
        }
        List<Pair> pairs = new ArrayList<>();
        run.rows().forEach((id, row) -> {
            EvaluationRow other = control.rows().get(id);
            if (other != null) {
                pairs.add(new Pair(row, other));
            }
        });
        return pairs;
    }

    private static PairedComparison of(List<Pair> pairs) {
        long answered = 0;
        double difference = 0;
        for (Pair pair : pairs) {
            Double correct = correctDifference(pair);
            if (correct != null) {
                answered++;
                difference += correct;
            }
        }
        Double mean = answered == 0 ? null : difference / answered;
        RowFigures run = RowFigures.of(pairs.stream().map(Pair::run).toList(), 0);
        RowFigures control = RowFigures.of(pairs.stream().map(Pair::control).toList(), 0);
        Double bits = difference(run.bitsPerByte(), control.bitsPerByte());
        return new PairedComparison(
                pairs.size(),
                answered,
                mean,
                mean == null || answered < 2 ? null : accuracyError(pairs, answered, mean),
                bits,
                bits == null || pairs.size() < 2 ? null : bitsPerByteError(pairs, run, control));
    }

    private static @Nullable Double difference(@Nullable Double run, @Nullable Double control) {
        return run == null || control == null ? null : run - control;
    }

    private static @Nullable Double correctDifference(Pair pair) {
        return difference(pair.run().getCorrect(), pair.control().getCorrect());
    }

    private static double accuracyError(List<Pair> pairs, long answered, double mean) {
        double squares = 0;
        for (Pair pair : pairs) {
            Double difference = correctDifference(pair);
            if (difference != null) {
                squares += (difference - mean) * (difference - mean);
            }
        }
        return Math.sqrt(squares / (answered - 1) / answered);
    }

    /** The error of a difference of two ratios: that of {@link RowFigures}, with the rows' residuals subtracted first. */
    private static double bitsPerByteError(List<Pair> pairs, RowFigures run, RowFigures control) {
        double squares = 0;
        for (Pair pair : pairs) {
            double residual = residual(pair.run(), run) - residual(pair.control(), control);
            squares += residual * residual;
        }
        int n = pairs.size();
        return Math.sqrt(n / (n - 1.0) * squares) / RowFigures.LN_2;
    }

    private static double residual(EvaluationRow row, RowFigures all) {
        return (row.getNats() - all.nats() / all.bytes() * row.getBytes()) / all.bytes();
    }
}
