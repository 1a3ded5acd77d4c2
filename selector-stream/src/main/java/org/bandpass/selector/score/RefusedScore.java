package org.bandpass.selector.score;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a scored record cannot be used. It becomes a dead letter. */
public final class RefusedScore extends RuntimeException {

    public enum Reason {
        /** The bytes are not a scored document. */
        UNREADABLE,
        /** The record's schema is unknown, and the user allows it to become a dead letter. */
        UNKNOWN_SCHEMA,
        /** The score is not a finite number, or has no tokens. */
        NON_FINITE;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
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
