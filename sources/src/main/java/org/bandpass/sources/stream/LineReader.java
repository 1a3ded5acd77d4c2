package org.bandpass.sources.stream;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** Cuts a stream into lines. Holds one line at a time, and of a line no more than a bound. */
public final class LineReader implements Closeable {

    private final SlidingBytes window;
    private final int longest;
    /** Length of the current line with its line end. */
    private int stored;

    private int length;
    private boolean overlong;
    private boolean open;

    /** Begins before the first line; {@code longest} is the longest line that is held, bytes. */
    public LineReader(InputStream in, int longest) {
        this.window = new SlidingBytes(in, longest + 2);
        this.longest = longest;
    }

    /** Moves to the next line; returns false after the last. The last may lack its line feed. */
    public boolean next() throws IOException {
        window.pass(stored);
        int end = window.afterLineFeed(0, longest + 2);
        overlong = end < 0 && window.available() > longest + 1;
        while (overlong && end < 0 && window.available() > 0) {
            window.pass(Math.min(window.available(), longest + 2));
            end = window.afterLineFeed(0, longest + 2);
        }
        open = end < 0;
        if (open) {
            window.check();
        }
        stored = open ? window.available() : end;
        int text = withoutReturn(open ? stored : stored - 1);
        overlong |= text > longest;
        length = overlong ? 0 : text;
        return overlong || stored > 0;
    }

    private int withoutReturn(int to) {
        return to > 0 && window.at(to - 1) == '\r' ? to - 1 : to;
    }

    /** Returns the bytes that hold the current line, from {@link #from} on. */
    public byte[] bytes() {
        return window.array();
    }

    public int from() {
        return window.start();
    }

    /** Returns the length of the current line without its line end, bytes; 0 if it is overlong. */
    public int length() {
        return length;
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
        window.close();
    }
}
