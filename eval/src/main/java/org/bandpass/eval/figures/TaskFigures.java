package org.bandpass.eval.figures;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bandpass.schemas.EvaluationAnswer;
import org.bandpass.schemas.EvaluationRow;
import org.jspecify.annotations.Nullable;

/**
 * The score of a model in one task of a profile.
 *
 * @param all figures over all rows together
 * @param parts figures by category of a task that is split; else empty
 * @param accuracy the official one: the unweighted mean of the parts where the task is split; null without rows
 * @param standardError of the accuracy; null under two rows
 * @param sumAccuracy accuracy if the choice with the least nats counted; null without choices
 * @param byteAccuracy accuracy if the choice with the least nats per byte counted; null without choices
 * @param warnings what a reader should know before trusting the score
 */
public record TaskFigures(
        ScoredTask scored,
        RowFigures all,
        SortedMap<String, RowFigures> parts,
        @Nullable Double accuracy,
        @Nullable Double standardError,
        @Nullable Double sumAccuracy,
        @Nullable Double byteAccuracy,
        List<String> warnings) {

    /** Computes the figures of a task. */
    public static TaskFigures of(ScoredTask scored) {
        SortedMap<String, List<EvaluationRow>> groups = groups(scored);
        double baseline = scored.task().baseline();
        SortedMap<String, RowFigures> parts = new TreeMap<>();
        if (scored.task().byCategory()) {
            groups.forEach((group, rows) -> parts.put(group, RowFigures.of(rows, baseline)));
        }
        RowFigures all = RowFigures.of(scored.rows(), baseline);
        return new TaskFigures(
                scored,
                all,
                parts,
                mean(groups, EvaluationRow::getCorrect),
                parts.isEmpty() ? all.standardError() : error(groups.values()),
                mean(groups, row -> answer(row, EvaluationAnswer::getSumCorrect)),
                mean(groups, row -> answer(row, EvaluationAnswer::getByteCorrect)),
                AnswerWarnings.of(scored));
    }

    /** Returns the rows by category of a task that is split; otherwise all as one group. */
    static SortedMap<String, List<EvaluationRow>> groups(ScoredTask scored) {
        return scored.rows().stream()
                .collect(Collectors.groupingBy(
                        row -> scored.task().byCategory() ? row.getGroup() : "", TreeMap::new, Collectors.toList()));
    }

    private static @Nullable Double answer(EvaluationRow row, Function<EvaluationAnswer, @Nullable Double> value) {
        EvaluationAnswer answer = row.getAnswer();
        if (answer == null) {
            return null;
        }
        // A row that could not be scored is wrong by every rule.
        return answer.getError() != null && answer.getOptions() > 0 ? Double.valueOf(0) : value.apply(answer);
    }

    private static @Nullable Double mean(
            Map<String, List<EvaluationRow>> groups, Function<EvaluationRow, @Nullable Double> value) {
        return RowFigures.mean(groups.values().stream()
                .map(rows -> RowFigures.mean(
                        rows.stream().map(value).filter(Objects::nonNull).toList()))
                .filter(Objects::nonNull)
                .toList());
    }

    /**
     * Returns the standard error of the mean of group means, √(Σ sᵢ²/nᵢ) / groups with the variance s² of each group's
     * rows. A group of one row has none of its own; it gets that of all groups pooled, or of all rows together where no
     * group has two.
     */
    private static @Nullable Double error(Collection<List<EvaluationRow>> groups) {
        double squares = 0;
        double sum = 0;
        int freedom = 0;
        List<Double> everything = new ArrayList<>();
        List<Double> own = new ArrayList<>();
        for (List<EvaluationRow> rows : groups) {
            List<Double> correct = rows.stream()
                    .map(EvaluationRow::getCorrect)
                    .filter(Objects::nonNull)
                    .toList();
            everything.addAll(correct);
            own.add(correct.size() < 2 ? Double.NaN : squares(correct) / (correct.size() - 1));
            squares += squares(correct);
            freedom += Math.max(0, correct.size() - 1);
        }
        if (everything.size() < 2) {
            return null;
        }
        double pooled = freedom == 0 ? squares(everything) / (everything.size() - 1) : squares / freedom;
        int g = 0;
        for (List<EvaluationRow> rows : groups) {
            double variance = own.get(g++);
            sum += (Double.isNaN(variance) ? pooled : variance) / rows.size();
        }
        return Math.sqrt(sum) / groups.size();
    }

    private static double squares(List<Double> values) {
        double mean = values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        return values.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
    }

    /** Returns (accuracy − baseline) / (1 − baseline), not clamped; null without rows. */
    public @Nullable Double normalised() {
        return accuracy == null ? null : scored.task().normalized(accuracy);
    }

    /** Returns the standard error of the normalised accuracy. */
    public @Nullable Double normalisedError() {
        return standardError == null ? null : standardError / (1 - scored.task().baseline());
    }

    /** Returns whether only some of the task's rows were scored. */
    public boolean sampled() {
        return scored.rows().size() < scored.taskRows();
    }
}
