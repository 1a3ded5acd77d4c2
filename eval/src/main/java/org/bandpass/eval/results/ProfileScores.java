package org.bandpass.eval.results;

import java.util.List;
import java.util.Map;
import org.bandpass.eval.profile.Profile;

/**
 * The scores of runs in the tasks of a profile.
 *
 * @param limit most rows of a task, 0 for all
 * @param runs by run id, those that were scored, the control first
 * @param checkpoints by run id: the average at each step that was scored on all rows, by step
 * @param reached by run id without the control: where a run was as good as the control at its end
 */
public record ProfileScores(
        Profile profile,
        int limit,
        Map<String, FinalScore> runs,
        Map<String, List<CheckpointScore>> checkpoints,
        Map<String, StepsToControl> reached) {

    /** Returns whether there are scores of other checkpoints than the last. */
    public boolean hasIntermediate() {
        return checkpoints.values().stream().anyMatch(steps -> steps.size() > 1);
    }
}
