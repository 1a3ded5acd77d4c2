package org.bandpass.service;

/** Says that a setting has a value that cannot be; the program exits with code 3. */
public final class ConfigurationException extends RuntimeException {

    public ConfigurationException(String message) {
        super(message);
    }

    public ConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
