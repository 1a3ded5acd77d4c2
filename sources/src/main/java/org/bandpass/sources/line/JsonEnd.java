package org.bandpass.sources.line;

/**
 * Follows a JSON value to its end, byte by byte, by its brackets and strings alone. A string ends with its line, as no
 * valid one goes on in the next; so a quote that is missing costs no more than its line.
 */
final class JsonEnd {

    private int depth;
    private boolean inString;
    private boolean escaped;

    /** Begins before another value. */
    void begin() {
        depth = 0;
        inString = false;
        escaped = false;
    }

    /** Takes the next byte; returns whether it is the last of an object, an array or a string. */
    boolean ends(byte next) {
        if (inString) {
            return endsString(next);
        }
        switch (next) {
            case '"' -> inString = true;
            case '{', '[' -> depth++;
            case '}', ']' -> {
                depth--;
                return depth <= 0;
            }
            default -> {}
        }
        return false;
    }

    private boolean endsString(byte next) {
        if (escaped) {
            escaped = false;
        } else if (next == '\\') {
            escaped = true;
        } else if (next == '"' || next == '\n') {
            inString = false;
            return depth == 0 && next == '"';
        }
        return false;
    }
}
