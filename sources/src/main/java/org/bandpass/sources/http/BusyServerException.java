package org.bandpass.sources.http;

import java.io.IOException;
import java.time.Duration;

/** Reports that a server cannot answer now, and how long it asks to wait. */
final class BusyServerException extends IOException {

    private final Duration retryAfter;

    BusyServerException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    /** Returns how long to wait before the next request; zero if the server does not say. */
    Duration retryAfter() {
        return retryAfter;
    }
}
