package org.bandpass.ingest;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Says that one record cannot be used, and why; what follows it may be fine. */
final class RecordFailure extends IOException {

    private final Rejection reason;

    RecordFailure(Rejection reason, String detail) {
        this(reason, detail, null);
    }

    RecordFailure(Rejection reason, String detail, @Nullable Throwable cause) {
        super(detail, cause);
        this.reason = reason;
    }

    Rejection reason() {
        return reason;
    }
}
