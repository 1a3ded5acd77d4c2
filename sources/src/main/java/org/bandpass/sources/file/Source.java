package org.bandpass.sources.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.stream.StoredBytes;
import org.jspecify.annotations.Nullable;

/** Something to read, from its beginning any number of times: a file, a URL; standard input only once. */
public interface Source {

    /** Returns the canonical path or URL; the same source has the same name in every run. */
    String name();

    /** Returns the file's own name, by which its format is guessed. */
    String fileName();

    /** Returns the size as stored, bytes; -1 where nobody knows. */
    long bytes();

    /** Returns when it was last changed, milliseconds since 1970; 0 where nobody knows. */
    long modifiedAt();

    /**
     * Returns what tells this version from others without a look at the content, "" where nobody knows: of a file its
     * time of modification.
     */
    default String version() {
        return Long.toString(modifiedAt());
    }

    /**
     * Returns SHA-256 over the first and last 64 KiB of the first {@code bytes} bytes and their number, hex; over what
     * else tells one version from another where these cannot be had.
     *
     * @throws IOException if they cannot be read
     */
    String fingerprint(long bytes) throws IOException;

    /**
     * Returns SHA-256 over all of the first {@code bytes} bytes, hex.
     *
     * @throws IOException if they cannot be read
     */
    default String contentHash(long bytes) throws IOException {
        try (HashedSource.Stream in = new HashedSource.Stream(new StoredBytes(open(), bytes, more -> {}))) {
            in.transferTo(OutputStream.nullOutputStream());
            return in.hash();
        }
    }

    /**
     * Returns the source as it is now. What is only named so far, as one of very many or on a server, is looked at now;
     * before, nobody knows its size, and its name may be another.
     *
     * @throws SourceFailure if there is none, or it may not be read
     */
    default Source look() throws IOException {
        return this;
    }

    /**
     * Returns some of its bytes, fewer where it ends before.
     *
     * @throws IOException if they cannot be read
     */
    default byte[] range(long from, int count) throws IOException {
        try (InputStream in = open()) {
            in.skipNBytes(from);
            return in.readNBytes(count);
        }
    }

    /** Returns whether it can be read again, so that reading may resume; standard input cannot. */
    default boolean lasts() {
        return true;
    }

    /** Opens it at its first byte. */
    InputStream open() throws IOException;

    /** Returns the local file, for formats that are not read from front to back; null where there is none. */
    @Nullable
    Path path();
}
