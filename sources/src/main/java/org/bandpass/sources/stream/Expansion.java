package org.bandpass.sources.stream;

import java.util.function.LongSupplier;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;

/** Counts what a file expands to, and refuses more than the bounds allow, in bytes or in relation to what was stored. */
public final class Expansion {

    /** Small files may be as repetitive as they like. */
    private static final long FREE = 16L << 20;

    private final Bounds bounds;
    private final LongSupplier stored;
    private long expanded;

    /**
     * Begins at nothing.
     *
     * @param stored says how many stored bytes it came from so far
     */
    public Expansion(Bounds bounds, LongSupplier stored) {
        this.bounds = bounds;
        this.stored = stored;
    }

    /**
     * Counts more bytes.
     *
     * @throws SourceFailure if they are too many
     */
    public void add(long more) throws SourceFailure {
        expanded += more;
        if (expanded > bounds.fileBytes()) {
            throw new SourceFailure(
                    Rejection.EXPANDS_TOO_MUCH,
                    "it expands to more than " + bounds.fileBytes() + " bytes; raise " + Bounds.FILE_BYTES
                            + " if that is right");
        }
        if (expanded > FREE && expanded / bounds.fileRatio() > stored.getAsLong()) {
            throw new SourceFailure(
                    Rejection.EXPANDS_TOO_MUCH,
                    "it expands to more than " + bounds.fileRatio() + " times its size; raise " + Bounds.FILE_RATIO
                            + " if that is right");
        }
    }
}
