package org.bandpass.eval.results;

import java.util.SortedMap;
import java.util.TreeMap;
import org.bandpass.eval.figures.EvaluationSummary;
import org.bandpass.eval.figures.EvaluationSummary.Task;
import org.bandpass.eval.figures.PairedComparison;
import org.bandpass.schemas.TrainingRun;
import org.jspecify.annotations.Nullable;

/**
 * The evaluation of one run; empty where it was not evaluated.
 *
 * @param heldOut likelihood of the held-out split
 * @param categories normalised accuracy by category
 * @param average mean of the categories
 */
public record RunEvaluation(
        @Nullable HeldOutResult heldOut,
        SortedMap<String, HeldOutResult> heldOutByDomain,
        SortedMap<String, TaskResult> tasks,
        SortedMap<String, Double> categories,
        @Nullable Double average) {

    public static final RunEvaluation NONE =
            new RunEvaluation(null, new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), null);

    static RunEvaluation of(EvaluationSummary summary, TrainingRun run, @Nullable TrainingRun control) {
        EvaluationSummary.Run evaluated = summary.runs().get(run.getRunId());
        if (evaluated == null) {
            return NONE;
        }
        HeldOutResult heldOut = null;
        SortedMap<String, HeldOutResult> byDomain = new TreeMap<>();
        SortedMap<String, TaskResult> tasks = new TreeMap<>();
        for (Task task : evaluated.tasks().values()) {
            Task base = control == null ? null : summary.task(control.getRunId(), task.name());
            base = base != null && task.comparableWith(base) ? base : null;
            PairedComparison compared = base == null ? null : PairedComparison.of(task, base);
            if (task.name().equals(EvaluationSummary.HELD_OUT)) {
                heldOut = HeldOutResult.of(task.all(), compared);
                SortedMap<String, PairedComparison> groups =
                        base == null ? new TreeMap<>() : PairedComparison.byGroup(task, base);
                task.groups()
                        .forEach((domain, figures) ->
                                byDomain.put(domain, HeldOutResult.of(figures, groups.get(domain))));
            } else {
                tasks.put(task.name(), TaskResult.of(task, compared));
            }
        }
        return new RunEvaluation(heldOut, byDomain, tasks, evaluated.categories(), evaluated.average());
    }

    public @Nullable TaskResult cloze() {
        return tasks.get(EvaluationSummary.CLOZE);
    }
}
