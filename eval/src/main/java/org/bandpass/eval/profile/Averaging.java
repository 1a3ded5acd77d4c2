package org.bandpass.eval.profile;

import java.util.Locale;

/** How the normalised scores of a profile's tasks become one number. */
public enum Averaging {
    /** The unweighted mean of the categories, each the unweighted mean of its tasks. */
    CATEGORIES,
    /** The unweighted mean of the tasks. */
    TASKS;

    static Averaging of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }
}
