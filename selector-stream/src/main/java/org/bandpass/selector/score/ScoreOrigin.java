package org.bandpass.selector.score;

import org.jspecify.annotations.Nullable;

/**
 * What made a score beside its model. Scores that differ in it are different populations.
 *
 * @param dtype type of numbers; null, as the others, where it was not recorded
 * @param maxWindows cap on the windows of a document
 * @param contextToken token before the first one
 */
public record ScoreOrigin(
        @Nullable String dtype,
        @Nullable Integer maxWindows,
        @Nullable Integer contextToken) {

    /** The words for a score that records nothing of it. */
    public static final String NOT_RECORDED = "";

    String words() {
        return dtype == null && maxWindows == null && contextToken == null
                ? NOT_RECORDED
                : "dtype " + (dtype == null ? "?" : dtype) + ", max.windows "
                        + (maxWindows == null ? "?" : maxWindows) + ", context token "
                        + (contextToken == null ? "?" : contextToken);
    }
}
