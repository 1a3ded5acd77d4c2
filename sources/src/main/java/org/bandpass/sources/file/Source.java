package org.bandpass.sources.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import org.bandpass.sources.stream.StoredBytes;
import org.jspecify.annotations.Nullable;

/**
 * Something to read, from its beginning any number of times: a file, a URL; standard input only once. A source may be
 * only a name at first, as one of very many or on a server: size, time and version are unknown until {@link #look}.
 */
public interface Source {

    /** Bytes at each end of the content that are in the fingerprint. */
    int ENDS = 64 << 10;

    /** Returns the canonical path or URL; the same source has the same name in every run. */
    String name();

    /** Returns the file's own name, which shows its format. */
    String fileName();

    /** Returns the source as it is now, perhaps with another name; fails if it is missing or may not be read. */
    default Source look() throws IOException {
        return this;
    }

    /** Opens it at its first byte. */
    InputStream open() throws IOException;

    /** Returns whether it can be read again, so that reading may resume; standard input cannot. */
    default boolean lasts() {
        return true;
    }

    /** Returns the size as stored, bytes; -1 if it is unknown. */
    default long bytes() {
        return -1;
    }

    /** Returns when it was last changed, milliseconds since 1970; 0 if that is unknown. */
    default long modifiedAt() {
        return 0;
    }

    /** Returns what identifies this version without reading the content, such as its time; "" if nothing does. */
    default String version() {
        return "";
    }

    /** Returns the local file, for formats that need random access; null if there is none. */
    default @Nullable Path path() {
        return null;
    }

    /** Returns some of its bytes, fewer if it ends before. */
    default byte[] range(long from, int count) throws IOException {
        try (InputStream in = open()) {
            in.skipNBytes(from);
            return in.readNBytes(count);
        }
    }

    /**
     * Returns SHA-256 over the first and last 64 KiB of the first {@code bytes} bytes, and their number, hex; "" if their
     * number is unknown.
     */
    default String fingerprint(long bytes) throws IOException {
        if (bytes < 0) {
            return "";
        }
        byte[] first = range(0, (int) Math.min(bytes, ENDS));
        return LocalFile.hash(bytes, first, bytes <= ENDS ? first : range(bytes - ENDS, ENDS));
    }

    /** Returns SHA-256 over all of the first {@code bytes} bytes, hex. */
    default String contentHash(long bytes) throws IOException {
        try (HashedSource.Stream in = new HashedSource.Stream(new StoredBytes(open(), bytes, more -> {}))) {
            in.transferTo(OutputStream.nullOutputStream());
            return in.hash();
        }
    }
}
