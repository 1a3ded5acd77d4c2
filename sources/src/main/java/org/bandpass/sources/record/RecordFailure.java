package org.bandpass.sources.record;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Says that one record cannot be used, and why; what follows it may be fine. */
public final class RecordFailure extends IOException {

    private final Rejection reason;

    public RecordFailure(Rejection reason, String detail) {
        this(reason, detail, null);
    }

    public RecordFailure(Rejection reason, String detail, @Nullable Throwable cause) {
        super(detail, cause);
        this.reason = reason;
    }

    public Rejection reason() {
        return reason;
    }
}
