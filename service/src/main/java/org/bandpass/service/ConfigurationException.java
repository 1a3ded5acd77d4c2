package org.bandpass.service;

import org.jspecify.annotations.Nullable;

/** Says which setting is invalid; the program exits with code 3. */
public final class ConfigurationException extends RuntimeException {

    public ConfigurationException(String message) {
        super(message);
    }

    public ConfigurationException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
