package org.bandpass.eval.results;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.bandpass.eval.figures.EvaluationSummary;
import org.bandpass.eval.figures.EvaluationSummary.Task;
import org.bandpass.schemas.RunRole;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.TrainingRun;
import org.jspecify.annotations.Nullable;

/**
 * The runs of one arm of an experiment, that is, of the control or of a band, by seed: all as large as the run that was
 * written last and trained for as many tokens, and of each seed the last.
 */
record SeedRuns(SortedMap<Long, TrainingRun> bySeed) {

    /** Of several runs a finished one counts more, then the one written last. */
    private static final Comparator<TrainingRun> STANDING = Comparator.comparing(
                    (TrainingRun run) -> run.getState() == RunState.FINISHED)
            .thenComparing(TrainingRun::getUpdatedAt);

    static SeedRuns of(Collection<TrainingRun> runs, RunRole role, Predicate<TrainingRun> kind) {
        List<TrainingRun> arm =
                runs.stream().filter(run -> run.getRole() == role).filter(kind).toList();
        SortedMap<Long, TrainingRun> bySeed = new TreeMap<>();
        arm.stream()
                .max(STANDING)
                .ifPresent(last -> arm.stream()
                        .filter(run -> run.getParameters() == last.getParameters()
                                && run.getTokenBudget() == last.getTokenBudget())
                        .sorted(STANDING)
                        .forEach(run -> bySeed.put(run.getSeed(), run)));
        return new SeedRuns(bySeed);
    }

    /**
     * Returns the run that stands for the arm: of a wanted seed, else of the smallest, finished where one is; null
     * without runs.
     */
    @Nullable
    TrainingRun first(@Nullable TrainingRun control) {
        TrainingRun wanted = control == null ? null : bySeed.get(control.getSeed());
        if (wanted != null && wanted.getState() == RunState.FINISHED) {
            return wanted;
        }
        return bySeed.values().stream()
                .min(Comparator.comparing((TrainingRun run) -> run.getState() != RunState.FINISHED)
                        .thenComparing(TrainingRun::getSeed))
                .orElse(null);
    }

    /** Returns the seeds of which the arm has a finished run, in order. */
    List<Long> finished() {
        return bySeed.values().stream()
                .filter(run -> run.getState() == RunState.FINISHED)
                .map(TrainingRun::getSeed)
                .toList();
    }

    /** Returns how the evaluated figures spread over the seeds; null where fewer than two seeds have any. */
    @Nullable
    RunSpread spread(EvaluationSummary summary, @Nullable SeedRuns control) {
        SeedSpread heldOut =
                spread(summary, EvaluationSummary.HELD_OUT, task -> task.all().bitsPerByte(), control);
        SortedMap<String, SeedSpread> tasks = new TreeMap<>();
        bySeed.values().stream()
                .flatMap(run -> summary.run(run.getRunId()).tasks().keySet().stream())
                .filter(name -> !name.equals(EvaluationSummary.HELD_OUT))
                .distinct()
                .forEach(name -> {
                    SeedSpread spread = spread(summary, name, task -> task.all().accuracy(), control);
                    if (spread != null) {
                        tasks.put(name, spread);
                    }
                });
        return heldOut == null && tasks.isEmpty() ? null : new RunSpread(heldOut, tasks);
    }

    private @Nullable SeedSpread spread(
            EvaluationSummary summary,
            String task,
            Function<Task, @Nullable Double> figure,
            @Nullable SeedRuns control) {
        String version = bySeed.values().stream()
                .map(run -> summary.task(run.getRunId(), task))
                .filter(found -> found != null)
                .map(Task::version)
                .findFirst()
                .orElse("");
        Function<SeedRuns, SortedMap<Long, Double>> figures = arm -> arm.figures(summary, task, version, figure);
        return SeedSpread.of(figures.apply(this), control == null ? null : figures.apply(control));
    }

    /** Returns a figure of a task by seed, of the seeds that were evaluated by one version of it. */
    private SortedMap<Long, Double> figures(
            EvaluationSummary summary, String name, String version, Function<Task, @Nullable Double> figure) {
        SortedMap<Long, Double> figures = new TreeMap<>();
        bySeed.forEach((seed, run) -> {
            Task task = summary.task(run.getRunId(), name);
            Double value = task == null || !task.version().equals(version) ? null : figure.apply(task);
            if (value != null) {
                figures.put(seed, value);
            }
        });
        return figures;
    }
}
