package org.bandpass.eval.profile;

import java.util.Locale;

/** What a data folder holds in the place of a file. */
public enum DataState {
    /** The original. */
    EXACT,
    /** A known file that was rebuilt from other sources; a score names it. */
    REBUILT,
    /** Another file: an average with it is partial. */
    ALTERED,
    /** Nothing: an average without it is partial. */
    MISSING;

    /** Returns the word of reports, for example {@code rebuilt}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns whether scores of the file may be part of a complete average. */
    public boolean complete() {
        return this == EXACT || this == REBUILT;
    }
}
