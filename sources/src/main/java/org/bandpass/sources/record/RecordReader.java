package org.bandpass.sources.record;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one source in order. Used by one thread. The same source gives the same records at the same
 * positions each time; unusable records have positions, too.
 */
public interface RecordReader extends Closeable {

    /**
     * Returns the next record, or null after the last.
     *
     * @throws SourceFailure if the remainder cannot be used
     * @throws IOException if the source cannot be read
     */
    @Nullable
    SourceRecord next() throws IOException;

    /** Skips records, as cheaply as the format allows. */
    default void skip(long records) throws IOException {
        for (long i = 0; i < records && next() != null; i++) {
            // only read
        }
    }
}
