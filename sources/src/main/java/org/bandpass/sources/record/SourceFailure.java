package org.bandpass.sources.record;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reports why one record cannot be used, or the remainder of a source if the reason is one of a file. */
public final class SourceFailure extends IOException {

    private final Rejection reason;

    public SourceFailure(Rejection reason, String detail) {
        this(reason, detail, null);
    }

    public SourceFailure(Rejection reason, String detail, @Nullable Throwable cause) {
        super(detail, cause);
        this.reason = reason;
    }

    public Rejection reason() {
        return reason;
    }

    /** Returns the message of a failure, or its kind if it has none. */
    public static String words(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
