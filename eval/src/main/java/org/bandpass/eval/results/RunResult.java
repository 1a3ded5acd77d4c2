package org.bandpass.eval.results;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bandpass.eval.figures.EvaluationSummary;
import org.bandpass.eval.figures.EvaluationSummary.Task;
import org.bandpass.eval.figures.PairedComparison;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.TrainingRun;
import org.jspecify.annotations.Nullable;

/**
 * One training run with its evaluation.
 *
 * @param name reference, control or the band
 * @param heldOut likelihood of the held-out split; null where the run was not evaluated
 * @param tasks tasks with answers; empty where the run was not evaluated
 * @param categories normalised accuracy by category
 * @param average mean of the categories
 * @param seeds seeds of which the same arm has a finished run
 * @param spread the figures over these seeds; null where fewer than two were evaluated
 */
public record RunResult(
        String name,
        TrainingRun run,
        @Nullable HeldOutResult heldOut,
        SortedMap<String, HeldOutResult> heldOutByDomain,
        SortedMap<String, TaskResult> tasks,
        SortedMap<String, Double> categories,
        @Nullable Double average,
        List<Long> seeds,
        @Nullable RunSpread spread) {

    /** Returns a run with its evaluation, compared with the control's where the run has one; null without a run. */
    static @Nullable RunResult of(
            String name, @Nullable TrainingRun run, EvaluationSummary summary, @Nullable TrainingRun control) {
        if (run == null) {
            return null;
        }
        HeldOutResult heldOut = null;
        SortedMap<String, HeldOutResult> byDomain = new TreeMap<>();
        SortedMap<String, TaskResult> tasks = new TreeMap<>();
        EvaluationSummary.Run evaluated = summary.run(run.getRunId());
        for (Task task : evaluated.tasks().values()) {
            Task base = control == null ? null : summary.task(control.getRunId(), task.name());
            base = base != null && task.comparableWith(base) ? base : null;
            PairedComparison compared = base == null ? PairedComparison.NONE : PairedComparison.of(task, base);
            if (task.name().equals(EvaluationSummary.HELD_OUT)) {
                heldOut = HeldOutResult.of(task.all(), compared);
                SortedMap<String, PairedComparison> groups =
                        base == null ? new TreeMap<>() : PairedComparison.byGroup(task, base);
                task.groups()
                        .forEach((domain, figures) -> byDomain.put(
                                domain, HeldOutResult.of(figures, groups.getOrDefault(domain, PairedComparison.NONE))));
            } else {
                tasks.put(task.name(), TaskResult.of(task, compared));
            }
        }
        return new RunResult(
                name, run, heldOut, byDomain, tasks, evaluated.categories(), evaluated.average(), List.of(), null);
    }

    /** Returns the same run with the spread over the seeds of its arm. */
    RunResult over(List<Long> allSeeds, @Nullable RunSpread over) {
        return new RunResult(name, run, heldOut, heldOutByDomain, tasks, categories, average, allSeeds, over);
    }

    public @Nullable SeedSpread heldOutSpread() {
        return spread == null ? null : spread.heldOut();
    }

    public @Nullable SeedSpread clozeSpread() {
        return spread == null ? null : spread.tasks().get(EvaluationSummary.CLOZE);
    }

    public @Nullable TaskResult cloze() {
        return tasks.get(EvaluationSummary.CLOZE);
    }

    public boolean finished() {
        return run.getState() == RunState.FINISHED;
    }
}
