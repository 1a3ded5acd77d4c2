package org.bandpass.schemas;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.NullMarked;

/**
 * State of a training run, for people. A trainer that was killed or ran out of memory cannot record it, so an old last
 * record of a run that has not ended is pointed out.
 */
@NullMarked
public final class RunStanding {

    /** Intervals without a record after which a run counts as silent; a busy machine may miss one or two. */
    private static final int INTERVALS = 3;

    /** For records without an interval: that version wrote only after a step, which may take minutes. */
    private static final Duration UNRECORDED_INTERVAL = Duration.ofMinutes(10);

    private RunStanding() {}

    /** Returns the state in words, for example {@code "training, step 10 of 732"}. */
    public static String of(TrainingRun run, Instant now) {
        boolean ended = run.getState() != RunState.STARTED && run.getState() != RunState.PROGRESS;
        boolean silent =
                !ended && now.isAfter(run.getUpdatedAt().plus(interval(run).multipliedBy(INTERVALS)));
        return words(run) + (silent ? ", no sign since " + run.getUpdatedAt().truncatedTo(ChronoUnit.SECONDS) : "");
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
