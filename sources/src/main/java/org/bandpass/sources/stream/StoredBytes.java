package org.bandpass.sources.stream;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/** Counts the stored bytes of a source, up to a length: what is appended while it is read waits for the next run. */
public final class StoredBytes extends BlockStream {

    private final long length;
    private final LongConsumer listener;
    private long count;

    /** Reads {@code length} bytes at most, or all if it is -1; {@code listener} receives how many more were read. */
    public StoredBytes(InputStream in, long length, LongConsumer listener) {
        super(in);
        this.length = length < 0 ? Long.MAX_VALUE : length;
        this.listener = listener;
    }

    public long count() {
        return count;
    }

    @Override
    public int read(byte[] bytes, int offset, int wanted) throws IOException {
        if (count >= length) {
            return -1;
        }
        int more = in.read(bytes, offset, (int) Math.min(wanted, length - count));
        if (more > 0) {
            count += more;
            listener.accept(more);
        }
        return more;
    }
}
