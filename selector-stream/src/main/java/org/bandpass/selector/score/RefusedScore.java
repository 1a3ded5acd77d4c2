package org.bandpass.selector.score;

import org.jspecify.annotations.Nullable;

/** Says why a scored record cannot be used; it becomes a dead letter and costs nothing else. */
public final class RefusedScore extends RuntimeException {

    /** The closed set of reasons. */
    public enum Reason {
        /** The bytes are no scored document of a schema that is known here. */
        UNREADABLE("unreadable"),
        /** The record's schema is unknown, and the user lets the record become a dead letter. */
        UNKNOWN_SCHEMA("unknown-schema"),
        /** The score is no finite number, or counts no token. */
        NON_FINITE("non-finite");

        private final String word;

        Reason(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    private final Reason reason;

    public RefusedScore(Reason reason, String detail, @Nullable Throwable cause) {
        // Without a stack trace: a topic full of broken records would spend its time on them.
        super(detail, cause, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
