package org.bandpass.eval.profile;

import java.util.List;

/**
 * A suite of tasks.
 *
 * @param name for example {@code core-v2}
 * @param version changes whenever a score could change
 * @param tasks in the order of reports; keys are unique
 */
public record Profile(
        String name,
        String version,
        String description,
        Averaging averaging,
        Weighting weighting,
        List<ProfileTask> tasks) {

    /** Name of the profile that gave the paper's numbers. */
    public static final String DEFAULT = "paper-v0.2";

    public Profile {
        tasks = List.copyOf(tasks);
    }

    /** Returns the names of the profiles that are part of the program. */
    public static List<String> names() {
        return ProfileReader.NAMES;
    }

    /**
     * Returns a profile.
     *
     * @param nameOrFile one of {@link #names()}, or the path of a JSON file
     * @throws org.bandpass.service.ProgramFailure if there is none, or the file is no profile
     */
    public static Profile named(String nameOrFile) {
        return ProfileReader.read(nameOrFile);
    }

    /**
     * Returns the profile with some of its tasks only, in its own order.
     *
     * @param names labels, or labels with shots such as {@code hellaswag/10-shot}
     * @throws org.bandpass.service.ProgramFailure if a name is none of the profile's; it lists those
     */
    public Profile only(List<String> names) {
        return TaskSelection.of(this, names);
    }
}
