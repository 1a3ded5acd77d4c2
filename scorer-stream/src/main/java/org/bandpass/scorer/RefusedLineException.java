package org.bandpass.scorer;

/** Says why a line of input has no result; other lines are not affected. */
final class RefusedLineException extends RuntimeException {

    private final String reason;

    /**
     * Refuses a line.
     *
     * @param reason one of a few, lower-kebab
     * @param detail the error, for people
     */
    RefusedLineException(String reason, String detail) {
        super(detail);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
