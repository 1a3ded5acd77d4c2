package org.bandpass.sources.stream;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that is read in blocks: a single byte and what is skipped are read as blocks, too. */
public abstract class BlockStream extends FilterInputStream {

    private static final int SKIPPED = 8 << 10;

    protected BlockStream(InputStream in) {
        super(in);
    }

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public abstract int read(byte[] bytes, int offset, int length) throws IOException;

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
