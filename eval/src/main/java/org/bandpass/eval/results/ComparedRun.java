package org.bandpass.eval.results;

import org.bandpass.eval.figures.EvaluationSummary;
import org.bandpass.eval.figures.EvaluationSummary.Task;
import org.bandpass.eval.figures.PairedComparison;
import org.bandpass.schemas.TrainingRun;
import org.jspecify.annotations.Nullable;

/**
 * A run of a comparison.
 *
 * @param training its record; null where only evaluations of it are known
 * @param heldOut likelihood of the held-out split, compared with the control's; null where it was not measured
 * @param cloze score in the cloze suite, compared with the control's; null where it was not measured
 * @param composition what it was trained on; null where that is not known
 */
public record ComparedRun(
        String id,
        @Nullable TrainingRun training,
        @Nullable HeldOutResult heldOut,
        @Nullable TaskResult cloze,
        @Nullable Composition composition) {

    static ComparedRun of(
            String id,
            @Nullable TrainingRun training,
            EvaluationSummary summary,
            @Nullable String control,
            @Nullable Composition composition) {
        String base = id.equals(control) ? null : control;
        Task heldOut = summary.task(id, EvaluationSummary.HELD_OUT);
        Task cloze = summary.task(id, EvaluationSummary.CLOZE);
        return new ComparedRun(
                id,
                training,
                heldOut == null ? null : HeldOutResult.of(heldOut.all(), compared(heldOut, summary, base)),
                cloze == null ? null : TaskResult.of(cloze, compared(cloze, summary, base)),
                composition);
    }

    private static PairedComparison compared(Task task, EvaluationSummary summary, @Nullable String control) {
        Task base = control == null ? null : summary.task(control, task.name());
        return base == null || !task.comparableWith(base) ? PairedComparison.NONE : PairedComparison.of(task, base);
    }

    /** Returns the tokens that the run had been trained on at a step: its batches are equally large; null if unknown. */
    public @Nullable Long tokensAt(long step) {
        return training == null || training.getStep() == 0
                ? null
                : Math.round(training.getTokens() * (step / (double) training.getStep()));
    }
}
