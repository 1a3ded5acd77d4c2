package org.bandpass.sources.stream;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A bounded window on a stream, for formats whose records must be read to find their end. Offsets count from the first
 * byte that was not passed yet.
 */
public final class SlidingBytes implements Closeable {

    private static final int INITIAL = 256 << 10;

    private final InputStream in;
    private final int most;
    private byte[] buffer = new byte[INITIAL];
    private int start;
    private int end;
    private boolean ended;
    private @Nullable IOException failure;

    /** Begins before the first byte, and holds that many bytes at most. */
    public SlidingBytes(InputStream in, int most) {
        this.in = in;
        this.most = Math.max(most, INITIAL);
    }

    /** Returns how many bytes are held. */
    public int available() {
        return end - start;
    }

    /** Returns the array that holds the bytes, from {@link #start} on; valid until more are asked for. */
    byte[] array() {
        return buffer;
    }

    int start() {
        return start;
    }

    /** Returns a byte that is held. */
    public byte at(int offset) {
        return buffer[start + offset];
    }

    /** Returns the bytes [from, to), valid until more is asked for. */
    public ByteBuffer slice(int from, int to) {
        return ByteBuffer.wrap(buffer, start + from, to - from).slice();
    }

    /**
     * Holds at least that many bytes if there are as many and the bound allows it. A stream that breaks seems to end; see
     * {@link #check}.
     */
    public boolean has(long bytes) {
        while (end - start < bytes) {
            if (!fill()) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether the bytes that are held are the last. */
    public boolean endsHere() {
        return !has(available() + 1L) && ended;
    }

    /** Throws the failure of the stream, if it failed. */
    public void check() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    /** Returns whether the stream broke rather than ended. */
    public boolean broken() {
        return failure != null;
    }

    /** Passes that many bytes; returns false where there are fewer. */
    public boolean pass(long bytes) {
        long left = bytes;
        while (left > end - start) {
            left -= end - start;
            start = end;
            if (!fill()) {
                return false;
            }
        }
        start += (int) left;
        return true;
    }

    /** Returns whether the bytes of a word, one a character, are at the offset; reads more if needed. */
    public boolean startsWith(String word, int offset) {
        if (!has((long) offset + word.length())) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if ((at(offset + i) & 0xff) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Returns the offset after the next line feed in [from, to), -1 if there is none. */
    public int afterLineFeed(int from, int to) {
        int i = from;
        while (i < to && has(i + 1L)) {
            // Only what is held, so that the loop has no call.
            for (int held = Math.min(to, end - start); i < held; i++) {
                if (buffer[start + i] == '\n') {
                    return i + 1;
                }
            }
        }
        return -1;
    }

    /** Returns the offset after the wanted bytes that begin [from, to); reads more if needed. */
    public int after(int from, int to, IntPredicate wanted) {
        int i = from;
        while (i < to && has(i + 1L) && wanted.test(at(i))) {
            i++;
        }
        return i;
    }

    /** Returns the offset after the padding, of which at most {@code within} bytes are read. */
    public int afterPadding(int from, int within) {
        return after(from, from + within, SlidingBytes::isPadding);
    }

    /** Returns whether a byte is a line end, or a zero, with which some crawlers and disks pad. */
    public static boolean isPadding(int b) {
        return b == '\n' || b == '\r' || b == 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private boolean fill() {
        if (ended || end - start >= most) {
            return false;
        }
        if (start == end) {
            start = 0;
            end = 0;
        }
        if (end == buffer.length) {
            makeRoom();
        }
        try {
            int count = in.read(buffer, end, Math.min(buffer.length - end, most - (end - start)));
            ended = count < 0;
            end += Math.max(0, count);
        } catch (IOException e) {
            failure = e;
            ended = true;
        }
        return !ended;
    }

    private void makeRoom() {
        int held = end - start;
        int largest = (int) Math.min(Integer.MAX_VALUE - 16L, most + (long) INITIAL);
        if (start < buffer.length / 2 && buffer.length < largest) {
            buffer = Arrays.copyOfRange(buffer, start, start + (int) Math.min(2L * buffer.length, largest));
        } else {
            System.arraycopy(buffer, start, buffer, 0, held);
        }
        start = 0;
        end = held;
    }
}
