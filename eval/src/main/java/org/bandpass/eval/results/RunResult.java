package org.bandpass.eval.results;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.TrainingRun;
import org.jspecify.annotations.Nullable;

/**
 * One training run with its evaluation.
 *
 * @param name what it is called in results: reference, control or the band
 * @param evaluation empty where it was not evaluated
 */
public record RunResult(String name, TrainingRun run, RunEvaluation evaluation) {

    public List<Double> losses() {
        return run.getLosses();
    }

    public boolean finished() {
        return run.getState() == RunState.FINISHED;
    }

    /** Returns the run that stands for its kind: the finished one that was written last, else the last. */
    static @Nullable TrainingRun chosen(Collection<TrainingRun> runs, Predicate<TrainingRun> kind) {
        return runs.stream()
                .filter(kind)
                .max(Comparator.comparing((TrainingRun run) -> run.getState() == RunState.FINISHED)
                        .thenComparing(TrainingRun::getUpdatedAt))
                .orElse(null);
    }
}
