package org.bandpass.eval.figures;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mean of normalised scores: of a category, or the average of a profile.
 *
 * @param score null where no task counts
 * @param standardError null where a task has too few rows for one
 * @param accuracy the same mean of accuracies that are not normalised
 * @param of tasks that belong to it
 * @param absent tasks without a part in it and why, for example {@code mmlu/5-shot (missing)}
 */
public record MeanScore(
        @Nullable Double score,
        @Nullable Double standardError,
        @Nullable Double accuracy,
        int of,
        List<String> absent) {

    /** Returns whether tasks are left out: another mean than the one its name promises. */
    public boolean partial() {
        return !absent.isEmpty();
    }

    /** Returns how many tasks it is the mean of. */
    public int tasks() {
        return of - absent.size();
    }

    /** Returns the words that stand beside a partial mean, for example {@code partial, 9 of 10 tasks}; else nothing. */
    public String remark() {
        return partial() ? "partial, " + tasks() + " of " + of + " tasks" : "";
    }
}
