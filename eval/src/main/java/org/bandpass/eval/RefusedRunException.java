package org.bandpass.eval;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One run cannot be evaluated; other runs can. */
final class RefusedRunException extends RuntimeException {

    /** Why a run becomes a dead letter. */
    enum Reason {
        UNREADABLE_RECORD,
        NO_MODEL,
        MISSING_MODEL,
        UNREADABLE_MODEL,
        /** The folder holds another model than the run has reported. */
        CHANGED_MODEL,
        /** Held-out sequences were packed with another tokenizer. */
        OTHER_TOKENIZER,
        NOT_FINITE,
        NO_TOKENS;

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Reason reason;

    RefusedRunException(Reason reason, String message) {
        this(reason, message, null);
    }

    RefusedRunException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    static RefusedRunException notFinite(String documentId) {
        return new RefusedRunException(
                Reason.NOT_FINITE,
                "the model's likelihood of document " + documentId
                        + " is not a finite number; its training has probably diverged");
    }

    Reason reason() {
        return reason;
    }
}
