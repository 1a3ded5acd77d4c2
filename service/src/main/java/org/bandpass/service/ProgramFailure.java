package org.bandpass.service;

import org.jspecify.annotations.Nullable;

/** Says in one sentence what failed, where, and what to do; the program exits with code 1. */
public final class ProgramFailure extends RuntimeException {

    public ProgramFailure(String message) {
        super(message);
    }

    public ProgramFailure(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * Returns the failure of a program that reaches no broker.
     *
     * @param servers the setting {@code bootstrap.servers}
     */
    public static ProgramFailure noBroker(@Nullable Object servers, Throwable cause) {
        return new ProgramFailure(
                "no Kafka broker answers at " + servers
                        + ": start one ('bandpass broker'), or name another with --bootstrap-servers",
                cause);
    }
}
