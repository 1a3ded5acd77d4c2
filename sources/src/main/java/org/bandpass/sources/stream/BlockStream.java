package org.bandpass.sources.stream;

import java.io.IOException;
import java.io.InputStream;

/**
 * A stream that reads blocks only: single and skipped bytes are read as blocks, too. It never reports available bytes,
 * because Java's buffers read on while there are some, and lose what they hold when that fails.
 */
public abstract class BlockStream extends InputStream {

    protected final InputStream in;

    protected BlockStream(InputStream in) {
        this.in = in;
    }

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public abstract int read(byte[] bytes, int offset, int length) throws IOException;

    @Override
    public void close() throws IOException {
        in.close();
    }
}
