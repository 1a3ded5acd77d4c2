package org.bandpass.sources.record;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Says that one record, or the rest of a source where the reason is one of a file, cannot be used, and why. */
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
}
