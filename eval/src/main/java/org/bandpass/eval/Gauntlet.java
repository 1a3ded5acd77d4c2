package org.bandpass.eval;

import org.bandpass.eval.profile.DataFolder;
import org.bandpass.eval.profile.Profile;
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
        @Nullable Integer limit) {}
