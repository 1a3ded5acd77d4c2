package org.bandpass.sources.record;

import org.jspecify.annotations.Nullable;

/** Says in one sentence for people why nothing more can be read, where, and what to do; programs end with it. */
public final class UnusableInputException extends RuntimeException {

    public UnusableInputException(String message) {
        this(message, null);
    }

    public UnusableInputException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
