package org.bandpass.sources;

import java.io.IOException;
import java.util.Arrays;
import org.bandpass.sources.Resume.State;
import org.bandpass.sources.file.Source;
import org.bandpass.sources.line.JsonLayout;
import org.bandpass.sources.line.JsonLinesReader;
import org.bandpass.sources.stream.Compression;

/**
 * Finds where to resume in a file of JSON lines that has grown. The last line may have been read while it was incomplete.
 * If the record is longer now, it is read again; if it was complete, another record follows.
 */
public final class GrownLines {

    private final SourceOpener opener;

    public GrownLines(SourceOpener opener) {
        this.opener = opener;
    }

    /** Returns the start, or one at another position. */
    public Resume at(Resume start) {
        EarlierRead before = start.before();
        if (before == null || start.state() != State.GROWN || start.position() == 0) {
            return start;
        }
        try {
            boolean json = SourceFormat.named(start.source().fileName()) == SourceFormat.JSON_LINES;
            return json ? start.at(position(start.source(), before.bytes(), start.position())) : start;
        } catch (IOException e) {
            // If it cannot be read to its end, no incomplete line was read.
            return start;
        }
    }

    /** Returns the position, given the earlier size of the source, as stored, and how many of its records were read. */
    private long position(Source source, long bytes, long position) throws IOException {
        if (Compression.named(source.fileName()) == Compression.NONE
                && Arrays.equals(source.range(bytes - 1, 1), new byte[] {'\n'})) {
            return position;
        }
        JsonLayout layout = opener.layout(source, bytes);
        if (layout != opener.layout(source, source.bytes())) {
            // It has other records now, and their count begins at zero.
            return 0;
        }
        return layout == JsonLayout.LINES && hasGrown(source, bytes, position) ? position - 1 : position;
    }

    /** Returns whether the last record read is longer now. */
    private boolean hasGrown(Source source, long bytes, long position) throws IOException {
        int length;
        try (JsonLinesReader lines = opener.lines(source, bytes)) {
            if (!lines.pass(position) || !lines.open()) {
                return false;
            }
            length = lines.length();
        }
        try (JsonLinesReader lines = opener.lines(source, source.bytes())) {
            return lines.pass(position) && lines.length() > length;
        }
    }
}
