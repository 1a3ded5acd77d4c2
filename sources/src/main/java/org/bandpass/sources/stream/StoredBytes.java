package org.bandpass.sources.stream;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/**
 * Reads a source as stored, to the length it had when it was looked at, so that what is appended meanwhile waits for the
 * next run; counts the bytes and tells somebody.
 */
public final class StoredBytes extends BlockStream {

    private final long length;
    private final LongConsumer listener;
    private long read;

    /**
     * Begins at no byte read.
     *
     * @param length bytes that are read at most; -1 for all there are
     * @param listener receives how many more bytes were read
     */
    public StoredBytes(InputStream in, long length, LongConsumer listener) {
        super(in);
        this.length = length < 0 ? Long.MAX_VALUE : length;
        this.listener = listener;
    }

    public long count() {
        return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int wanted) throws IOException {
        if (read >= length) {
            return -1;
        }
        int count = in.read(bytes, offset, (int) Math.min(wanted, length - read));
        add(Math.max(0, count));
        return count;
    }

    @Override
    public long skip(long n) throws IOException {
        long count = in.skip(Math.min(n, length - read));
        add(count);
        return count;
    }

    private void add(long more) {
        read += more;
        if (more > 0) {
            listener.accept(more);
        }
    }
}
