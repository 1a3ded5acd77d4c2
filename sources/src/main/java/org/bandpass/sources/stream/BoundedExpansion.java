package org.bandpass.sources.stream;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongSupplier;
import org.bandpass.sources.record.Bounds;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a stream that decompresses to more than the bounds allow, in bytes or in relation to what was stored. A stream
 * that has failed once fails again, whatever its decompressor would make of what follows the damage.
 */
public final class BoundedExpansion extends BlockStream {

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
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (failure != null) {
            throw failure;
        }
        try {
            int count = in.read(bytes, offset, length);
            expansion.add(Math.max(0, count));
            return count;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }
}
