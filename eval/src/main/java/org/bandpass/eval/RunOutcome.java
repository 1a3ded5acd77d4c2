package org.bandpass.eval;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of one run's evaluation.
 *
 * @param scores what to tell of it, at least one
 * @param last what is to be written with the position after the run
 * @param gauntlet what was done in the tasks of the gauntlet; null without them
 */
record RunOutcome(
        List<RunScore> scores,
        EvaluationPart last,
        @Nullable GauntletScore gauntlet) {

    String runId() {
        return scores.get(0).runId();
    }

    /** Returns the end of an evaluation that writes all at once. */
    static RunOutcome of(RunScore score) {
        return new RunOutcome(List.of(score), score.part(), null);
    }
}
