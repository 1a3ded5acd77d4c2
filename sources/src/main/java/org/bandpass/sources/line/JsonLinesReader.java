package org.bandpass.sources.line;

import java.io.IOException;
import java.io.InputStream;
import org.bandpass.sources.record.RecordReader;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.record.SourceRecord.Unusable;
import org.bandpass.sources.stream.LineReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON lines: one object a line, UTF-8. Each line is a position, even if it is empty.
 *
 * <p>Adjacent objects in a line are two records: appending to a file whose last line has no line feed leaves them. Any
 * record may begin with a byte order mark, because files that begin with one are concatenated.
 */
public final class JsonLinesReader implements RecordReader {

    private final LineReader lines;
    private final JsonShape shape;
    private final int longest;
    private final JsonEnd end = new JsonEnd();
    private boolean begun;
    private int from;
    private int to;
    private int lineEnd;

    public JsonLinesReader(InputStream in, JsonShape shape, int longest) {
        this.lines = new LineReader(in, longest);
        this.shape = shape;
        this.longest = longest;
    }

    @Override
    public @Nullable SourceRecord next() throws IOException {
        if (!move()) {
            return null;
        }
        if (lines.overlong()) {
            return PlainText.overlong("a line", longest);
        }
        byte[] bytes = lines.bytes();
        int begin = from + PlainText.byteOrderMark(bytes, from, to);
        int at = begin;
        while (at < to && " \t\r".indexOf(bytes[at]) >= 0) {
            at++;
        }
        return at == to ? Unusable.of(Rejection.EMPTY_LINE, "an empty line") : shape.read(bytes, begin, to - begin);
    }

    @Override
    public void skip(long records) throws IOException {
        pass(records);
    }

    /** Skips records; returns false where there are fewer. */
    public boolean pass(long records) throws IOException {
        long passed = 0;
        while (passed < records && move()) {
            passed++;
        }
        return passed == records;
    }

    /** Returns the length of the current record without blanks at its end, or the largest int if it is too long. */
    public int length() {
        int end = to;
        while (end > from && " \t\r".indexOf(lines.bytes()[end - 1]) >= 0) {
            end--;
        }
        return lines.overlong() ? Integer.MAX_VALUE : end - from;
    }

    /** Returns whether the current record is the last and lacks its line feed, so that it may have been cut. */
    public boolean open() {
        return to == lineEnd && lines.open();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    /** Moves to the next record; returns false after the last. */
    private boolean move() throws IOException {
        if (to < lineEnd) {
            from = to;
        } else {
            if (!lines.next()) {
                return false;
            }
            from = lines.from();
            lineEnd = from + lines.length();
            refuseUtf16();
        }
        to = end();
        return true;
    }

    /** Refuses a first line that begins with an object in UTF-16LE, perhaps after a byte order mark. */
    private void refuseUtf16() throws SourceFailure {
        byte[] bytes = lines.bytes();
        boolean marked = lineEnd > from + 1 && bytes[from] == (byte) 0xff && bytes[from + 1] == (byte) 0xfe;
        int bracket = marked ? from + 2 : from;
        if (!begun && lineEnd > bracket + 1 && bytes[bracket] == '{' && bytes[bracket + 1] == 0) {
            throw new SourceFailure(
                    Rejection.NOT_AS_NAMED, "the name says JSON lines, which are UTF-8, but the content is UTF-16");
        }
        begun = true;
    }

    /** Returns the end of the record at the beginning of the line's remainder. */
    private int end() {
        byte[] bytes = lines.bytes();
        int touch = from;
        while (touch < lineEnd && !(bytes[touch] == '}' && beginsObject(touch + 1))) {
            touch++;
        }
        int begin = from + PlainText.byteOrderMark(bytes, from, lineEnd);
        if (touch == lineEnd || bytes[begin] != '{') {
            return lineEnd;
        }
        // The adjacent brackets may be inside a string.
        end.begin();
        for (int i = begin; i < lineEnd; i++) {
            if (end.ends(bytes[i])) {
                return beginsObject(i + 1) ? i + 1 : lineEnd;
            }
        }
        return lineEnd;
    }

    private boolean beginsObject(int at) {
        int begin = at + PlainText.byteOrderMark(lines.bytes(), at, lineEnd);
        return begin < lineEnd && lines.bytes()[begin] == '{';
    }
}
