package org.bandpass.eval.results;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first evaluated checkpoint whose average is at least the control's final one.
 *
 * @param below the checkpoint before it; null where it is the first
 * @param ratio tokens of the control ÷ tokens of this checkpoint
 */
public record StepsToControl(
        CheckpointScore reached,
        @Nullable CheckpointScore below,
        @Nullable Double ratio) {

    /**
     * Returns null where no checkpoint is as good.
     *
     * @param checkpoints by step; those that are the mean of other tasks than the control's are ignored
     */
    static @Nullable StepsToControl of(List<CheckpointScore> checkpoints, CheckpointScore control) {
        CheckpointScore below = null;
        Double aim = control.average().score();
        for (CheckpointScore checkpoint : checkpoints) {
            Double score = checkpoint.average().score();
            if (aim == null
                    || score == null
                    || !checkpoint.average().absent().equals(control.average().absent())) {
                continue;
            }
            if (score >= aim) {
                Long own = checkpoint.tokens();
                Long all = control.tokens();
                return new StepsToControl(
                        checkpoint, below, own == null || all == null || own == 0 ? null : all / (double) own);
            }
            below = checkpoint;
        }
        return null;
    }
}
