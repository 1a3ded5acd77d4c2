package org.bandpass.sources.stream;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Cuts a stream into lines without holding more than one, and of a line never more than a bound. */
public final class LineReader implements Closeable {

    private static final int INITIAL = 256 << 10;

    private final InputStream in;
    private final int longest;
    private byte[] buffer = new byte[INITIAL];
    private int start;
    private int end;
    private int lineEnd;
    private int lineStart;
    private boolean overlong;
    private boolean ended;
    private boolean open;

    /**
     * Begins before the first line.
     *
     * @param longest longest line that is held, bytes
     */
    public LineReader(InputStream in, int longest) {
        this.in = in;
        this.longest = longest;
    }

    /** Moves to the next line; returns false after the last. The last may lack its line feed. */
    public boolean next() throws IOException {
        overlong = false;
        open = false;
        int scanned = start;
        while (true) {
            int feed = lineFeed(scanned);
            if (feed >= 0) {
                take(feed);
                start = feed + 1;
                return true;
            }
            if (end - start > longest) {
                return passOver();
            }
            scanned = end - start;
            if (!fill()) {
                open = true;
                take(end);
                boolean some = end > start;
                start = end;
                return some;
            }
            scanned += start;
        }
    }

    /** Returns the bytes that hold the current line, from {@link #from} on. */
    public byte[] bytes() {
        return buffer;
    }

    public int from() {
        return lineStart;
    }

    /** Returns the length of the current line without its line end, bytes. */
    public int length() {
        return lineEnd - lineStart;
    }

    /** Returns whether the current line was too long to be held. */
    public boolean overlong() {
        return overlong;
    }

    /** Returns whether the current line is the last and lacks its line feed. */
    public boolean open() {
        return open;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private void take(int feed) {
        lineStart = start;
        lineEnd = feed > start && buffer[feed - 1] == '\r' ? feed - 1 : feed;
        if (lineEnd - lineStart > longest) {
            overlong = true;
            lineEnd = lineStart;
        }
    }

    /** Reads on to the end of the line and forgets it. */
    private boolean passOver() throws IOException {
        overlong = true;
        int feed = -1;
        while (feed < 0) {
            start = end;
            lineStart = end;
            lineEnd = end;
            if (!fill()) {
                open = true;
                return true;
            }
            feed = lineFeed(start);
        }
        start = feed + 1;
        return true;
    }

    private int lineFeed(int from) {
        for (int i = from; i < end; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Reads more after what is not yet taken, which moves to the front. */
    private boolean fill() throws IOException {
        if (ended) {
            return false;
        }
        int kept = end - start;
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, kept);
            start = 0;
            end = kept;
        } else if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, (int) Math.min(2L * buffer.length, longest + (long) INITIAL));
        }
        int count = in.read(buffer, end, buffer.length - end);
        ended = count < 0;
        end += Math.max(0, count);
        return !ended;
    }
}
