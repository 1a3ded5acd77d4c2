package org.bandpass.schemas;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.NullMarked;

/**
 * How a training run stands, for people. A trainer that was killed or ran out of memory cannot say so: its last record
 * stays, and only its age tells.
 *
 * @param state what the last record says
 * @param silent whether the trainer is overdue: the run has not ended, and three intervals have passed without a record
 * @param words the sentence to show, for example {@code "training, step 10 of 732"}
 */
@NullMarked
public record RunStanding(RunState state, boolean silent, String words) {

    /** Intervals without a record after which a run counts as silent; one or two may be lost to a busy machine. */
    private static final int INTERVALS = 3;

    /** Records without an interval are of a version that wrote only after a step, which may take minutes. */
    private static final Duration UNRECORDED_INTERVAL = Duration.ofMinutes(10);

    public static RunStanding of(TrainingRun run, Instant now) {
        boolean ends = run.getState() != RunState.STARTED && run.getState() != RunState.PROGRESS;
        boolean silent =
                !ends && now.isAfter(run.getUpdatedAt().plus(interval(run).multipliedBy(INTERVALS)));
        String sign = silent ? ", no sign since " + run.getUpdatedAt().truncatedTo(ChronoUnit.SECONDS) : "";
        return new RunStanding(run.getState(), silent, words(run) + sign);
    }

    private static Duration interval(TrainingRun run) {
        return run.getProgressMillis() == 0 ? UNRECORDED_INTERVAL : Duration.ofMillis(run.getProgressMillis());
    }

    private static String words(TrainingRun run) {
        String step = "step " + run.getStep() + " of " + run.getSteps();
        return switch (run.getState()) {
            case STARTED -> "started";
            case PROGRESS -> "training, " + step;
            case FINISHED -> "finished";
            case FAILED -> "failed at " + step;
            case STOPPED -> "stopped at " + step;
            case UNKNOWN -> "in a state of a newer version, " + step;
        };
    }
}
