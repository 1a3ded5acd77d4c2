package org.bandpass.sources.line;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.bandpass.sources.record.RecordReader;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.record.SourceRecord.Candidate;
import org.bandpass.sources.record.SourceRecord.Unusable;
import org.bandpass.sources.stream.LineReader;
import org.jspecify.annotations.Nullable;

/** Reads one text a line, UTF-8. Each line is a position, even if it is empty. */
public final class TextLines implements RecordReader {

    private final LineReader lines;
    private final int longest;

    public TextLines(InputStream in, int longest) {
        this.lines = new LineReader(in, longest);
        this.longest = longest;
    }

    @Override
    public @Nullable SourceRecord next() throws IOException {
        if (!lines.next()) {
            return null;
        }
        if (lines.overlong()) {
            return PlainText.overlong("a line", longest);
        }
        int from = lines.from();
        int to = from + lines.length();
        byte[] line = Arrays.copyOfRange(lines.bytes(), from, to > from && lines.bytes()[to - 1] == '\r' ? to - 1 : to);
        String text = PlainText.text(line);
        if (text == null) {
            return PlainText.notDecoded("not UTF-8", line);
        }
        return text.isBlank() ? Unusable.of(Rejection.EMPTY_LINE, "an empty line") : Candidate.of(text, null, null);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
