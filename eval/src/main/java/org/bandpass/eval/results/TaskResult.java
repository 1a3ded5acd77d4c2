package org.bandpass.eval.results;

import java.util.SortedMap;
import org.bandpass.eval.figures.EvaluationSummary.Task;
import org.bandpass.eval.figures.PairedComparison;
import org.bandpass.eval.figures.RowFigures;
import org.jspecify.annotations.Nullable;

/** A run's score in one task; docs/results.md explains the components. */
public record TaskResult(
        @Nullable Double accuracy,
        @Nullable Double standardError,
        long rows,
        double chance,
        @Nullable Double difference,
        @Nullable Double differenceStandardError,
        SortedMap<String, Integer> leftOut) {

    static TaskResult of(Task task, PairedComparison compared) {
        RowFigures figures = task.all();
        return new TaskResult(
                figures.accuracy(),
                figures.standardError(),
                figures.rows(),
                task.chance(),
                compared.accuracyDifference(),
                compared.accuracyError(),
                task.leftOut());
    }
}
