package org.bandpass.sources.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.bandpass.sources.stream.BlockStream;
import org.jspecify.annotations.Nullable;

/** A source for one reading, whose content is hashed while it is read. Used by one thread. */
public final class HashedSource implements Source {

    private final Source source;
    private @Nullable Stream opened;

    public HashedSource(Source source) {
        this.source = source;
    }

    /**
     * Returns SHA-256 of the whole content, hex. Content that was not read from front to end is read once more, but from a
     * server not: then the hash is null.
     */
    @Nullable
    public String hash() throws IOException {
        Stream read = opened;
        if (read != null && (bytes() < 0 ? read.ended : read.count == bytes())) {
            return read.hash();
        }
        return path() == null ? null : source.contentHash(bytes());
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public String fileName() {
        return source.fileName();
    }

    @Override
    public long bytes() {
        return source.bytes();
    }

    @Override
    public long modifiedAt() {
        return source.modifiedAt();
    }

    @Override
    public String version() {
        return source.version();
    }

    @Override
    public String fingerprint(long size) throws IOException {
        return source.fingerprint(size);
    }

    @Override
    public byte[] range(long from, int count) throws IOException {
        return source.range(from, count);
    }

    @Override
    public @Nullable Path path() {
        return source.path();
    }

    @Override
    public InputStream open() throws IOException {
        Stream stream = new Stream(source.open());
        opened = stream;
        return stream;
    }

    /** Hashes what is read; skipped bytes are read, too. */
    static final class Stream extends BlockStream {

        private final MessageDigest digest = LocalFile.sha256();
        private long count;
        private boolean ended;

        Stream(InputStream in) {
            super(in);
        }

        /** Returns SHA-256 of the bytes read, hex; ends the reading. */
        String hash() {
            return HexFormat.of().formatHex(digest.digest());
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int more = in.read(bytes, offset, length);
            if (more > 0) {
                digest.update(bytes, offset, more);
                count += more;
            }
            ended |= more < 0;
            return more;
        }
    }
}
