package org.bandpass.sources.line;

import java.io.IOException;
import java.io.InputStream;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.RecordReader;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.record.SourceRecord.Unusable;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON lines: one object a line, UTF-8. Each record is a position, empty lines too. A byte order mark may begin any,
 * as files that had one each are concatenated.
 */
public final class JsonLinesReader implements RecordReader {

    private final JsonLines lines;
    private final JsonShape shape;
    private final int longest;
    private boolean first = true;

    public JsonLinesReader(InputStream in, JsonShape shape, int longest) {
        this.lines = new JsonLines(in, longest);
        this.shape = shape;
        this.longest = longest;
    }

    @Override
    public @Nullable SourceRecord next() throws IOException {
        if (!nextLine()) {
            return null;
        }
        int skipped = JsonLines.byteOrderMark(lines.bytes(), lines.from(), lines.from() + lines.length());
        if (lines.overlong()) {
            return Unusable.of(
                    Rejection.OVER_RECORD_LIMIT,
                    "a line of more than " + longest + " bytes; see " + Bounds.RECORD_BYTES);
        }
        int length = lines.length() - skipped;
        if (isBlank(lines.bytes(), lines.from() + skipped, length)) {
            return Unusable.of(Rejection.EMPTY_LINE, "an empty line");
        }
        return shape.read(lines.bytes(), lines.from() + skipped, length);
    }

    @Override
    public void skip(long records) throws IOException {
        long passed = 0;
        while (passed < records && nextLine()) {
            passed++;
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    private boolean nextLine() throws IOException {
        if (!lines.next()) {
            return false;
        }
        if (first && isUtf16()) {
            throw new SourceFailure(
                    Rejection.NOT_AS_NAMED, "the name says JSON lines, which are UTF-8, but the content is UTF-16");
        }
        first = false;
        return true;
    }

    /** Returns whether an object begins the line, after a mark or none, whose bracket is two bytes long. */
    private boolean isUtf16() {
        byte[] bytes = lines.bytes();
        int from = lines.from();
        boolean marked = lines.length() > 1 && bytes[from] == (byte) 0xff && bytes[from + 1] == (byte) 0xfe;
        int bracket = marked ? 2 : 0;
        return lines.length() > bracket + 1 && bytes[from + bracket] == '{' && bytes[from + bracket + 1] == 0;
    }

    private static boolean isBlank(byte[] bytes, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
                return false;
            }
        }
        return true;
    }
}
