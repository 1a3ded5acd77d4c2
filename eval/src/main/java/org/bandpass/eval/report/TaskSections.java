package org.bandpass.eval.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bandpass.eval.figures.Difference;
import org.bandpass.eval.figures.TaskFigures;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.eval.results.FinalScore;
import org.bandpass.eval.results.ProfileScores;
import org.jspecify.annotations.Nullable;

/** The page's sections about the tasks of a profile: each task's scores, and what to know before trusting them. */
record TaskSections(ProfileScores scores) {

    Html tasks() {
        List<String> header = new ArrayList<>(List.of("task", "category", "data", "rows", "baseline"));
        scores.runs().keySet().forEach(id -> header.add(id + ", %"));
        scores.runs().forEach((id, score) -> {
            if (score.against() != null) {
                header.add(id + " − control");
            }
        });
        List<List<String>> rows = new ArrayList<>();
        for (ProfileTask task : scores.profile().tasks()) {
            Map<String, TaskFigures> figures = figures(task);
            if (!figures.isEmpty()) {
                rows.add(row(task, figures));
            }
        }
        return new Html()
                .subheading("Task by task")
                .table("numbers", header, rows)
                .paragraph(
                        "how",
                        "Accuracy with one standard error, by the official rule (least nats per token). Differences are"
                                + " of accuracy, in points, on the rows that both answered.")
                .details("By other rules", rules())
                .add(warnings());
    }

    private Map<String, TaskFigures> figures(ProfileTask task) {
        Map<String, TaskFigures> figures = new LinkedHashMap<>();
        scores.runs()
                .forEach((id, score) -> score.figures().tasks().stream()
                        .filter(found -> found.scored().task().equals(task))
                        .forEach(found -> figures.put(id, found)));
        return figures;
    }

    private List<String> row(ProfileTask task, Map<String, TaskFigures> figures) {
        List<String> row = new ArrayList<>(List.of(
                task.key(),
                ScoreWords.name(task.category()),
                distinct(figures, found -> found.scored().state().word()),
                distinct(figures, TaskSections::rows),
                Words.percent(task.baseline())));
        for (String id : scores.runs().keySet()) {
            TaskFigures found = figures.get(id);
            row.add(found == null ? Words.UNKNOWN : ScoreWords.accuracy(found));
        }
        for (FinalScore score : scores.runs().values()) {
            if (score.against() != null) {
                row.add(points(score.against().tasks().get(task.key()), 1 - task.baseline()));
            }
        }
        return row;
    }

    private static String rows(TaskFigures figures) {
        String rows = Words.count(figures.scored().rows().size());
        return figures.sampled() ? rows + " of " + Words.count(figures.scored().taskRows()) : rows;
    }

    /** A value of a task that is the same for every run; where it is not, each once. */
    private static String distinct(Map<String, TaskFigures> figures, Function<TaskFigures, String> value) {
        return String.join(
                " | ", figures.values().stream().map(value).distinct().toList());
    }

    /** The difference of normalised scores times (1 − baseline) is that of accuracies. */
    private static String points(@Nullable Difference difference, double scale) {
        if (difference == null) {
            return Words.UNKNOWN;
        }
        String sign = difference.difference() > 0 ? "+" : "";
        return sign + Words.decimals(100 * scale * difference.difference(), 1) + " ± "
                + Words.decimals(100 * scale * difference.standardError(), 1);
    }

    private Html rules() {
        List<List<String>> rows = new ArrayList<>();
        scores.runs()
                .forEach((id, score) -> score.figures()
                        .tasks()
                        .forEach(task -> rows.add(List.of(
                                task.scored().task().key(),
                                id,
                                Words.decimals(points(task.accuracy()), 1),
                                Words.decimals(points(task.sumAccuracy()), 1),
                                Words.decimals(points(task.byteAccuracy()), 1),
                                Words.decimals(task.all().bitsPerByte(), 4)))));
        return new Html()
                .table(
                        "",
                        List.of(
                                "task",
                                "run",
                                "nats per token, % (official)",
                                "nats, %",
                                "nats per byte, %",
                                "right answer, bits/byte"),
                        rows);
    }

    private static @Nullable Double points(@Nullable Double share) {
        return share == null ? null : 100 * share;
    }

    private Html warnings() {
        List<List<String>> rows = new ArrayList<>();
        scores.runs()
                .forEach((id, score) -> score.figures()
                        .tasks()
                        .forEach(task -> task.warnings()
                                .forEach(warning ->
                                        rows.add(List.of(task.scored().task().key(), id, warning)))));
        return rows.isEmpty()
                ? new Html()
                : new Html()
                        .details(
                                Words.count(rows.size()) + " warnings",
                                new Html().table("sentences", List.of("task", "run", "warning"), rows));
    }
}
