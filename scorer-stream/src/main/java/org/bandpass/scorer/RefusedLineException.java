package org.bandpass.scorer;

/** Says why a line of input has no result; other lines are not affected. */
final class RefusedLineException extends RuntimeException {

    private final String id;
    private final String reason;

    /**
     * Refuses a line.
     *
     * @param id the line's id, or where it stands
     * @param reason one of a few, lower-kebab
     * @param detail the error, for people
     */
    RefusedLineException(String id, String reason, String detail) {
        super(detail);
        this.id = id;
        this.reason = reason;
    }

    String id() {
        return id;
    }

    String reason() {
        return reason;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
