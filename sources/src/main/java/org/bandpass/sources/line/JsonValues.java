package org.bandpass.sources.line;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.stream.SlidingBytes;

/**
 * Cuts the elements out of a JSON array, or objects in a row over any number of lines, one held at a time. Where a value
 * ends is told by its brackets; whether it is valid is left to the reader.
 */
final class JsonValues implements Closeable {

    private final SlidingBytes bytes;
    private final int longest;
    private final boolean array;
    private final JsonEnd end = new JsonEnd();
    private boolean begun;
    private boolean ended;
    private boolean overlong;
    /** Length of the value given out last. */
    private int length;

    /**
     * Begins before the first value.
     *
     * @param array whether the values are the elements of an array
     * @param longest longest value kept in memory, bytes
     */
    JsonValues(InputStream in, boolean array, int longest) {
        this.bytes = new SlidingBytes(in, longest + 1);
        this.array = array;
        this.longest = longest;
    }

    /**
     * Moves to the next value; returns false after the last.
     *
     * @throws SourceFailure if the file ends early, or what follows is not what it should be
     */
    boolean next() throws IOException {
        if (ended) {
            return false;
        }
        bytes.pass(length);
        length = 0;
        passBlanks();
        if (array ? endsArray() : endsRow()) {
            ended = true;
            return false;
        }
        cut();
        return true;
    }

    /** Returns the current value, nothing where it is too long to be held; valid until the next is asked for. */
    ByteBuffer value() {
        return bytes.slice(0, length);
    }

    boolean overlong() {
        return overlong;
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }

    private boolean endsRow() throws IOException {
        if (!bytes.has(1)) {
            bytes.check();
            return true;
        }
        if (bytes.at(0) != '{') {
            throw new SourceFailure(Rejection.BROKEN_OFF, "what follows a JSON object is neither another nor the end");
        }
        return false;
    }

    /** Passes what stands before an element. A comma after the last, which many tools write, does no harm. */
    private boolean endsArray() throws IOException {
        if (!begun) {
            begun = true;
            bytes.pass(1);
            passBlanks();
        } else if (peek() == ',') {
            bytes.pass(1);
            passBlanks();
        } else if (peek() != ']') {
            throw new SourceFailure(
                    Rejection.BROKEN_OFF, "neither a comma nor the end follows an element of the array");
        }
        byte next = peek();
        if (next == ',') {
            throw new SourceFailure(Rejection.BROKEN_OFF, "the array lacks an element between two commas");
        }
        if (next != ']') {
            return false;
        }
        bytes.pass(1);
        passBlanks();
        if (bytes.has(1)) {
            throw new SourceFailure(Rejection.BROKEN_OFF, "more follows the end of the array");
        }
        bytes.check();
        return true;
    }

    private byte peek() throws IOException {
        if (!bytes.has(1)) {
            bytes.check();
            throw new SourceFailure(Rejection.BROKEN_OFF, "the file ends within its JSON array");
        }
        return bytes.at(0);
    }

    private void cut() throws IOException {
        overlong = false;
        end.begin();
        byte first = bytes.at(0);
        boolean scalar = first != '{' && first != '[' && first != '"';
        int at = 0;
        while (scalar ? !endsScalar(at) : !end.ends(byteAt(at))) {
            at++;
            if (at > longest) {
                overlong = true;
                bytes.pass(at);
                at = 0;
            }
        }
        int behind = scalar ? at : at + 1;
        if (overlong) {
            bytes.pass(behind);
        } else {
            length = behind;
        }
    }

    private boolean endsScalar(int at) throws IOException {
        byte b = byteAt(at);
        return b == ',' || b == ']' || isBlank(b);
    }

    private byte byteAt(int at) throws IOException {
        if (!bytes.has(at + 1L)) {
            bytes.check();
            throw new SourceFailure(Rejection.BROKEN_OFF, "the file ends within a JSON value");
        }
        return bytes.at(at);
    }

    /** Passes white space, and the byte order marks of files that were joined. */
    private void passBlanks() {
        boolean passed = true;
        while (passed) {
            passed = bytes.has(1) && isBlank(bytes.at(0)) && bytes.pass(1) || beginsWithMark() && bytes.pass(3);
        }
    }

    private boolean beginsWithMark() {
        return bytes.has(3) && bytes.at(0) == (byte) 0xef && bytes.at(1) == (byte) 0xbb && bytes.at(2) == (byte) 0xbf;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }
}
