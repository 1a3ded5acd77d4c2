package org.bandpass.trainer.data;

import java.util.Locale;

/** Says why a record cannot be trained on. */
public final class RefusedDocument extends Exception {

    /** The closed set of reasons. */
    public enum Reason {
        /** The record is not of the topic's type. */
        UNREADABLE_RECORD,
        /** The document is stamped with a part of the data that the run must not see. */
        WRONG_SPLIT,
        /** A sequence without token ids, or with ids outside the vocabulary. */
        WRONG_TOKEN_IDS;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Reason reason;

    RefusedDocument(Reason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
