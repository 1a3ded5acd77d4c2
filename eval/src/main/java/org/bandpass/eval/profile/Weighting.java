package org.bandpass.eval.profile;

import java.util.Locale;

/** How much a task counts in the mean of its category, or of all tasks. */
public enum Weighting {
    /** All tasks the same. */
    EQUAL,
    /** By the number of rows. */
    SAMPLE_SIZE,
    /** By the binary logarithm of the number of rows, at least 1. */
    LOG_SAMPLE_SIZE;

    /**
     * Returns the weight of a task.
     *
     * @param rows its rows, at least 1
     */
    public double weight(long rows) {
        return switch (this) {
            case EQUAL -> 1;
            case SAMPLE_SIZE -> rows;
            case LOG_SAMPLE_SIZE -> Math.max(Math.log((double) rows) / Math.log(2), 1);
        };
    }

    static Weighting of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }
}
