package org.bandpass.sources.record;

import org.jspecify.annotations.Nullable;

/** Ends a program; its message tells users what cannot be read, why, and what to do. */
public final class UnusableInputException extends RuntimeException {

    public UnusableInputException(String message) {
        this(message, null);
    }

    public UnusableInputException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
