package org.bandpass.eval;

import org.bandpass.eval.profile.DataFolder;
import org.bandpass.eval.profile.DataState;
import org.bandpass.eval.profile.Profile;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.eval.prompt.TaskPrompts;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks are evaluated, and how much of them.
 *
 * @param profile only the chosen tasks
 * @param whole all tasks of the profile: a mean without some of them is partial
 * @param limit most rows of a task; null for all
 */
record Gauntlet(
        Profile profile,
        Profile whole,
        DataFolder data,
        @Nullable Integer limit) {

    /**
     * Reads the rows of every task that has a file, so that a bad row is found before hours of scoring.
     *
     * @throws org.bandpass.service.ProgramFailure if a row is not usable
     */
    void requireReadableRows() {
        for (ProfileTask task : profile.tasks()) {
            if (data.check(task.file()).state() != DataState.MISSING) {
                TaskPrompts.of(task, data, true);
            }
        }
    }
}
