package org.bandpass.ingest;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Says that the rest of a source cannot be used, and why. */
final class SourceFailure extends IOException {

    private final Rejection reason;

    SourceFailure(Rejection reason, String detail) {
        this(reason, detail, null);
    }

    SourceFailure(Rejection reason, String detail, @Nullable Throwable cause) {
        super(detail, cause);
        this.reason = reason;
    }

    Rejection reason() {
        return reason;
    }
}
