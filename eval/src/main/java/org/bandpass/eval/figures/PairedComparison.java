package org.bandpass.eval.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bandpass.schemas.EvaluationRow;
import org.jspecify.annotations.Nullable;

/**
 * The difference between a run and its control over the rows that both have, paired row by row: what makes a row hard
 * for both cancels out.
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

    /** A comparison without common rows. */
    public static final PairedComparison NONE = new PairedComparison(0, 0, null, null, null, null);

    private record Pair(EvaluationRow run, EvaluationRow control) {}

    /** Compares all rows. Throws an IllegalArgumentException if the two tasks are not comparable. */
    public static PairedComparison of(EvaluationSummary.Task run, EvaluationSummary.Task control) {
        return of(pairs(run, control));
    }

    /** Compares the rows of each group by itself; groups without common rows are absent. */
    public static SortedMap<String, PairedComparison> byGroup(
            EvaluationSummary.Task run, EvaluationSummary.Task control) {
        return pairs(run, control).stream()
                .collect(Collectors.groupingBy(
                        pair -> pair.run().getGroup(),
                        TreeMap::new,
                        Collectors.collectingAndThen(Collectors.toList(), pairs -> of(pairs))));
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
        List<Pair> answered = pairs.stream()
                .filter(pair ->
                        pair.run().getCorrect() != null && pair.control().getCorrect() != null)
                .toList();
        List<Double> answers = answered.stream()
                .map(pair -> difference(pair.run().getCorrect(), pair.control().getCorrect()))
                .filter(Objects::nonNull)
                .toList();
        RowFigures run = RowFigures.of(pairs.stream().map(Pair::run).toList(), 0);
        RowFigures control = RowFigures.of(pairs.stream().map(Pair::control).toList(), 0);
        Double bits = difference(run.bitsPerByte(), control.bitsPerByte());
        List<Double> residuals = pairs.stream()
                .map(pair -> RowFigures.residual(pair.run(), run.nats(), run.bytes())
                        - RowFigures.residual(pair.control(), control.nats(), control.bytes()))
                .toList();
        return new PairedComparison(
                pairs.size(),
                answers.size(),
                RowFigures.mean(answers),
                RowFigures.meanError(documents(answered), answers),
                bits,
                bits == null ? null : RowFigures.ratioError(documents(pairs), residuals));
    }

    private static List<String> documents(List<Pair> pairs) {
        return pairs.stream().map(pair -> RowFigures.document(pair.run())).toList();
    }

    private static @Nullable Double difference(@Nullable Double run, @Nullable Double control) {
        return run == null || control == null ? null : run - control;
    }
}
