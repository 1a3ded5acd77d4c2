package org.bandpass.sources.line;

/**
 * Finds the end of a JSON value, byte by byte, from its brackets and strings alone. A string ends with its line at the
 * latest, as valid ones do, so a missing quote costs only its line.
 */
final class JsonEnd {

    private int depth;
    private boolean inString;
    private boolean escaped;

    /** Begins before the next value. */
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
        inString = next == '"';
        if (next == '{' || next == '[') {
            depth++;
        }
        return (next == '}' || next == ']') && --depth <= 0;
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
