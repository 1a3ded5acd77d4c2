package org.bandpass.sources.parquet;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A part of a file as a stream that knows how much was taken of it. Where the disk fails, it throws unchecked: what reads
 * from it could not tell that from damage.
 */
final class ParquetRegion extends InputStream {

    private final FileChannel file;
    private final long to;
    private final ByteBuffer buffer;
    /** Where the file is read next, after what is in the buffer. */
    private long at;

    private long taken;

    /**
     * Begins at a position.
     *
     * @param buffer how many bytes are read at once, so that the channel's own copy of them stays small
     */
    ParquetRegion(FileChannel file, long from, long to, int buffer) {
        this.file = file;
        this.at = from;
        this.to = to;
        this.buffer = ByteBuffer.allocate((int) Math.max(1, Math.min(buffer, to - from)))
                .flip();
    }

    long taken() {
        return taken;
    }

    @Override
    public int read() {
        if (!fill()) {
            return -1;
        }
        taken++;
        return buffer.get() & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, buffer.remaining());
        buffer.get(bytes, offset, count);
        taken += count;
        return count;
    }

    private boolean fill() {
        if (buffer.hasRemaining()) {
            return true;
        }
        long wanted = Math.min(buffer.capacity(), to - at);
        if (wanted <= 0) {
            return false;
        }
        try {
            int count = file.read(buffer.clear().limit((int) wanted), at);
            at += Math.max(0, count);
            buffer.flip();
            return count > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
