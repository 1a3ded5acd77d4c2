package org.bandpass.eval.results;

import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bandpass.eval.figures.EvaluationSummary;
import org.bandpass.eval.figures.EvaluationSummary.Task;
import org.bandpass.eval.figures.PairedComparison;
import org.bandpass.eval.figures.RowFigures;
import org.bandpass.schemas.EvaluationResult;
import org.bandpass.schemas.TrainingRun;
import org.jspecify.annotations.Nullable;

/** What evaluation found, in the words of the results: eval's own statistics, beside the control's. */
final class Evaluations {

    private final EvaluationSummary summary;

    Evaluations(Collection<EvaluationResult> results) {
        this.summary = EvaluationSummary.of(results);
    }

    /** Returns what was found of a run; compared where a control is given. */
    RunEvaluation of(TrainingRun run, @Nullable TrainingRun control) {
        EvaluationSummary.Run evaluated = summary.runs().get(run.getRunId());
        if (evaluated == null) {
            return RunEvaluation.NONE;
        }
        HeldOutResult heldOut = null;
        SortedMap<String, HeldOutResult> byDomain = new TreeMap<>();
        SortedMap<String, TaskResult> tasks = new TreeMap<>();
        for (Task task : evaluated.tasks().values()) {
            Task base = comparable(task, control);
            if (task.name().equals(EvaluationSummary.HELD_OUT)) {
                heldOut = likelihood(task.all(), base == null ? null : PairedComparison.of(task, base));
                SortedMap<String, PairedComparison> compared =
                        base == null ? new TreeMap<>() : PairedComparison.byGroup(task, base);
                task.groups()
                        .forEach((domain, figures) -> byDomain.put(domain, likelihood(figures, compared.get(domain))));
            } else {
                tasks.put(task.name(), task(task, base == null ? null : PairedComparison.of(task, base)));
            }
        }
        return new RunEvaluation(heldOut, byDomain, tasks, evaluated.categories(), evaluated.average());
    }

    private @Nullable Task comparable(Task task, @Nullable TrainingRun control) {
        Task base = control == null ? null : summary.task(control.getRunId(), task.name());
        return base != null && task.comparableWith(base) ? base : null;
    }

    private static HeldOutResult likelihood(RowFigures figures, @Nullable PairedComparison compared) {
        return new HeldOutResult(
                figures.bitsPerByte(),
                figures.perplexity(),
                compared == null ? null : compared.bitsPerByteDifference(),
                compared == null ? null : compared.bitsPerByteError(),
                figures.rows());
    }

    private static TaskResult task(Task task, @Nullable PairedComparison compared) {
        RowFigures figures = task.all();
        return new TaskResult(
                figures.accuracy(),
                figures.standardError(),
                figures.rows(),
                task.chance(),
                compared == null ? null : compared.accuracyDifference(),
                compared == null ? null : compared.accuracyError(),
                task.leftOut());
    }
}
