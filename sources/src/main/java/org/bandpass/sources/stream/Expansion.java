package org.bandpass.sources.stream;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongSupplier;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.jspecify.annotations.Nullable;

/** Counts the decompressed bytes of a file. Refuses more than the bounds allow, in bytes or relative to the stored bytes. */
public final class Expansion {

    private final Bounds bounds;
    private final LongSupplier stored;
    private long expanded;

    /** Begins at zero; {@code stored} returns how many stored bytes were read so far. */
    public Expansion(Bounds bounds, LongSupplier stored) {
        this.bounds = bounds;
        this.stored = stored;
    }

    /** Counts more bytes; fails if they are too many. */
    public void add(long more) throws SourceFailure {
        expanded += more;
        if (expanded > bounds.fileBytes()) {
            throw tooMuch(bounds.fileBytes() + " bytes", Bounds.FILE_BYTES);
        }
        if (bounds.exceedsRatio(expanded, stored.getAsLong())) {
            throw tooMuch(bounds.fileRatio() + " times its size", Bounds.FILE_RATIO);
        }
    }

    private static SourceFailure tooMuch(String most, String setting) {
        return new SourceFailure(
                Rejection.EXPANDS_TOO_MUCH,
                "it expands to more than " + most + "; raise " + setting + " if that is right");
    }

    /**
     * Returns a stream that counts the bytes read. After a failure every read fails, whatever the decompressor would
     * return after the damage.
     */
    public InputStream counting(InputStream decompressed) {
        return new BlockStream(decompressed) {

            private @Nullable IOException failure;

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                try {
                    int count = in.read(bytes, offset, length);
                    add(Math.max(0, count));
                    return count;
                } catch (IOException e) {
                    failure = e;
                    throw e;
                }
            }
        };
    }
}
