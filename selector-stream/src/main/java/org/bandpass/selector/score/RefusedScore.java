package org.bandpass.selector.score;

import org.jspecify.annotations.Nullable;

/** Why a scored record cannot be used. It becomes a dead letter. */
public final class RefusedScore extends RuntimeException {

    public enum Reason {
        /** The bytes are not a scored document. */
        UNREADABLE("unreadable"),
        /** The record's schema is unknown, and the user allows it to become a dead letter. */
        UNKNOWN_SCHEMA("unknown-schema"),
        /** The score is not a finite number, or has no tokens. */
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
        // No stack trace: in a topic of damaged records it would take most of the time.
        super(detail, cause, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
