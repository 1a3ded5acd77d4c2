package org.bandpass.sources.stream;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongSupplier;
import org.bandpass.sources.record.Bounds;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a stream that decompresses to more than the bounds allow, in bytes or in relation to what was stored. A stream
 * that has failed once fails again, whatever its decompressor would make of what follows the damage.
 */
public final class BoundedExpansion extends FilterInputStream {

    private static final int SKIPPED = 8 << 10;

    private final Expansion expansion;
    private @Nullable IOException failure;

    /**
     * Begins at no byte read.
     *
     * @param stored says how many stored bytes were read so far
     */
    public BoundedExpansion(InputStream in, LongSupplier stored, Bounds bounds) {
        super(in);
        this.expansion = new Expansion(bounds, stored);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (failure != null) {
            throw failure;
        }
        try {
            int count = super.read(bytes, offset, length);
            expansion.add(Math.max(0, count));
            return count;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    @Override
    public long skip(long n) throws IOException {
        return readNBytes((int) Math.min(n, SKIPPED)).length;
    }

    /** Java's own buffers read on while there is more, and forget what they have when that fails: it is read first. */
    @Override
    public int available() {
        return 0;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
