package org.bandpass.sources.line;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.bandpass.sources.record.RecordReader;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.stream.SlidingBytes;
import org.jspecify.annotations.Nullable;

/**
 * Reads the elements of a JSON array, or a sequence of objects over any number of lines. Each value is a position. Its
 * brackets show where it ends; whether it is valid is checked afterwards.
 */
public final class JsonValuesReader implements RecordReader {

    private final SlidingBytes bytes;
    /** Whether the values are the elements of an array. */
    private final boolean array;

    private final JsonShape shape;
    private final int longest;
    private final JsonEnd end = new JsonEnd();
    private boolean begun;
    private boolean ended;
    private boolean overlong;
    /** Length of the current value, 0 where it is too long to be held. */
    private int length;

    public JsonValuesReader(InputStream in, boolean array, JsonShape shape, int longest) {
        this.bytes = new SlidingBytes(in, longest + 1);
        this.array = array;
        this.shape = shape;
        this.longest = longest;
    }

    @Override
    public @Nullable SourceRecord next() throws IOException {
        if (!nextValue()) {
            return null;
        }
        if (overlong) {
            return PlainText.overlong("a JSON value", longest);
        }
        ByteBuffer value = bytes.slice(0, length);
        return shape.read(value.array(), value.arrayOffset(), length);
    }

    @Override
    public void skip(long records) throws IOException {
        for (long i = 0; i < records && nextValue(); i++) {
            // finding the end of each value is enough
        }
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }

    private boolean nextValue() throws IOException {
        if (ended) {
            return false;
        }
        bytes.pass(length);
        length = 0;
        passBlanks();
        ended = array ? endsArray() : endsSequence();
        if (!ended) {
            findEnd();
        }
        return !ended;
    }

    private boolean endsSequence() throws IOException {
        if (!bytes.has(1)) {
            bytes.check();
            return true;
        }
        if (bytes.at(0) != '{') {
            throw new SourceFailure(Rejection.BROKEN_OFF, "what follows a JSON object is neither another nor the end");
        }
        return false;
    }

    /** Moves to the next element. Accepts a comma after the last one, which many tools write. */
    private boolean endsArray() throws IOException {
        if (begun && byteAt(0) != ',' && byteAt(0) != ']') {
            throw new SourceFailure(
                    Rejection.BROKEN_OFF, "neither a comma nor the end follows an element of the array");
        }
        if (!begun || byteAt(0) == ',') {
            begun = true;
            bytes.pass(1);
            passBlanks();
        }
        byte next = byteAt(0);
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

    private void findEnd() throws IOException {
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
        length = scalar ? at : at + 1;
        if (overlong) {
            bytes.pass(length);
            length = 0;
        }
    }

    private boolean endsScalar(int at) throws IOException {
        byte b = byteAt(at);
        return b == ',' || b == ']' || isBlank(b);
    }

    private byte byteAt(int at) throws IOException {
        if (!bytes.has(at + 1L)) {
            bytes.check();
            throw new SourceFailure(Rejection.BROKEN_OFF, "the file ends within its JSON");
        }
        return bytes.at(at);
    }

    /** Passes white space, and the byte order marks of files that were joined. */
    private void passBlanks() {
        boolean passed = true;
        while (passed) {
            passed = bytes.has(1) && isBlank(bytes.at(0)) && bytes.pass(1)
                    || bytes.startsWith("\u00ef\u00bb\u00bf", 0) && bytes.pass(3);
        }
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }
}
