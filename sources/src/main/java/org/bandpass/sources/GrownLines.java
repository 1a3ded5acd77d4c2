package org.bandpass.sources;

import java.io.IOException;
import org.bandpass.sources.Resume.State;
import org.bandpass.sources.file.Source;
import org.bandpass.sources.line.JsonLayout;
import org.bandpass.sources.line.JsonLines;
import org.bandpass.sources.stream.Compression;

/**
 * Where reading resumes in a file of JSON lines that has grown. The last line of a file that was still being written may
 * have been read half: where the record has grown, it is read again. Where it was whole, what follows is another record.
 */
public final class GrownLines {

    private final SourceOpener opener;

    public GrownLines(SourceOpener opener) {
        this.opener = opener;
    }

    /** Returns a start as it is, or at another position. */
    public Resume at(Resume start) {
        EarlierRead before = start.before();
        if (before == null || start.state() != State.GROWN || start.position() == 0) {
            return start;
        }
        try {
            boolean json = SourceFormat.named(start.source().fileName()) == SourceFormat.JSON_LINES;
            return json ? start.at(position(start.source(), before.bytes(), start.position())) : start;
        } catch (IOException e) {
            // What cannot be read to its end had no half line that was read.
            return start;
        }
    }

    /**
     * Returns the position.
     *
     * @param bytes how long the source was, as stored
     * @param position how many records of it were read
     */
    private long position(Source source, long bytes, long position) throws IOException {
        if (Compression.named(source.fileName()) == Compression.NONE && endsALine(source, bytes)) {
            return position;
        }
        JsonLayout layout = opener.layout(source, bytes);
        if (layout != opener.layout(source, source.bytes())) {
            // Its records are others, and counted anew.
            return 0;
        }
        return layout == JsonLayout.LINES && hasGrown(source, bytes, position) ? position - 1 : position;
    }

    private static boolean endsALine(Source source, long bytes) throws IOException {
        byte[] last = source.range(bytes - 1, 1);
        return last.length == 1 && last[0] == '\n';
    }

    /** Returns whether the last record read before continues in what was added. */
    private boolean hasGrown(Source source, long bytes, long position) throws IOException {
        int length;
        try (JsonLines lines = opener.lines(source, bytes)) {
            if (!lines.pass(position) || !lines.open()) {
                return false;
            }
            length = length(lines);
        }
        try (JsonLines lines = opener.lines(source, source.bytes())) {
            return lines.pass(position) && length(lines) > length;
        }
    }

    /** Returns the length without white space at the end. */
    private static int length(JsonLines lines) {
        if (lines.overlong()) {
            return Integer.MAX_VALUE;
        }
        int to = lines.from() + lines.length();
        while (to > lines.from() && " \t\r".indexOf(lines.bytes()[to - 1]) >= 0) {
            to--;
        }
        return to - lines.from();
    }
}
