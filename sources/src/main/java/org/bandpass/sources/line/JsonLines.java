package org.bandpass.sources.line;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.bandpass.sources.stream.LineReader;

/**
 * Cuts JSON lines into records, one a line. Objects that touch are two records: so they stand in a file that has grown
 * while its last line had no end, whether it is compressed or not.
 */
public final class JsonLines implements Closeable {

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final LineReader lines;
    private final JsonEnd end = new JsonEnd();
    private int from;
    private int to;
    private int lineEnd;

    /**
     * Begins before the first record.
     *
     * @param longest longest line kept in memory, bytes
     */
    public JsonLines(InputStream in, int longest) {
        this.lines = new LineReader(in, longest);
    }

    /** Moves to the next record; returns false after the last. */
    boolean next() throws IOException {
        if (to < lineEnd) {
            from = to;
        } else {
            if (!lines.next()) {
                return false;
            }
            from = lines.from();
            lineEnd = from + lines.length();
        }
        to = end();
        return true;
    }

    /** Passes over records; returns false where there are fewer. */
    public boolean pass(long records) throws IOException {
        for (long i = 0; i < records; i++) {
            if (!next()) {
                return false;
            }
        }
        return true;
    }

    /** Returns the bytes that hold the current record, from {@link #from} on. */
    public byte[] bytes() {
        return lines.bytes();
    }

    public int from() {
        return from;
    }

    /** Returns the length of the current record, bytes. */
    public int length() {
        return to - from;
    }

    /** Returns whether the line is too long to be held, so that it is one record, whatever is in it. */
    public boolean overlong() {
        return lines.overlong();
    }

    /** Returns whether the file ends within the line, for all that can be seen: no line end follows it. */
    public boolean open() {
        return to == lineEnd && lines.open();
    }

    /** Returns the length of the byte order mark at an offset, 0 where there is none. */
    static int byteOrderMark(byte[] bytes, int from, int to) {
        for (int i = 0; i < BYTE_ORDER_MARK.length; i++) {
            if (from + i >= to || bytes[from + i] != BYTE_ORDER_MARK[i]) {
                return 0;
            }
        }
        return BYTE_ORDER_MARK.length;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    /** Returns where the record ends that begins the rest of the line. */
    private int end() {
        byte[] bytes = lines.bytes();
        int touch = from;
        while (touch < lineEnd && !(bytes[touch] == '}' && beginsObject(touch + 1))) {
            touch++;
        }
        int begin = from + byteOrderMark(bytes, from, lineEnd);
        if (touch == lineEnd || bytes[begin] != '{') {
            return lineEnd;
        }
        // Brackets in a text may touch as well.
        end.begin();
        for (int i = begin; i < lineEnd; i++) {
            if (end.ends(bytes[i])) {
                return beginsObject(i + 1) ? i + 1 : lineEnd;
            }
        }
        return lineEnd;
    }

    private boolean beginsObject(int at) {
        int begin = at + byteOrderMark(lines.bytes(), at, lineEnd);
        return begin < lineEnd && lines.bytes()[begin] == '{';
    }
}
