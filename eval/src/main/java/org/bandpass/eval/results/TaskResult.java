package org.bandpass.eval.results;

import java.util.SortedMap;
import org.bandpass.eval.figures.EvaluationSummary.Task;
import org.bandpass.eval.figures.PairedComparison;
import org.bandpass.eval.figures.RowFigures;
import org.jspecify.annotations.Nullable;

/**
 * A run's score in one task, as shares in [0, 1]; the components are fields of results.json.
 *
 * @param chance accuracy of guessing
 * @param difference accuracy minus the control's, paired by row; null for the control and where it has none
 * @param leftOut domains with too few documents for a question, with their number of documents
 */
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
