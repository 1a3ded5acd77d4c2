package org.bandpass.selector.score;

import org.jspecify.annotations.Nullable;

/** Why a scored record cannot be used. The record becomes a dead letter; nothing else is affected. */
public final class RefusedScore extends RuntimeException {

    /** The closed set of reasons. */
    public enum Reason {
        /** The bytes are no scored document of a schema that is known here. */
        UNREADABLE("unreadable"),
        /** The record's schema is unknown, and the user allows it to become a dead letter. */
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
        // Without a stack trace, which would take most of the time in a topic of broken records.
        super(detail, cause, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
