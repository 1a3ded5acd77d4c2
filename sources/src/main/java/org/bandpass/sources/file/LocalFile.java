package org.bandpass.sources.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;

/** A file of this machine by its canonical path, with its size and time when it was found. */
public record LocalFile(Path path, long bytes, long modifiedAt) implements Source {

    /** Finds a file; fails if it is missing, is no file or may not be read. */
    public static LocalFile of(Path path) throws IOException {
        try {
            Path real = path.toRealPath();
            if (!Files.isRegularFile(real)) {
                throw new SourceFailure(Rejection.UNREADABLE, "not a file");
            }
            if (!Files.isReadable(real)) {
                throw new SourceFailure(Rejection.UNREADABLE, "permission denied");
            }
            return new LocalFile(
                    real, Files.size(real), Files.getLastModifiedTime(real).toMillis());
        } catch (NoSuchFileException e) {
            throw new SourceFailure(Rejection.MISSING, "no such file", e);
        }
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public String fileName() {
        return String.valueOf(path.getFileName());
    }

    @Override
    public String version() {
        return Long.toString(modifiedAt);
    }

    @Override
    public InputStream open() throws IOException {
        return Files.newInputStream(path);
    }

    @Override
    public byte[] range(long from, int count) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(path)) {
            return Channels.newInputStream(channel.position(from)).readNBytes(count);
        }
    }

    /** Returns SHA-256 over some bytes and a number, hex. */
    public static String hash(long number, byte[]... parts) {
        MessageDigest digest = sha256();
        for (byte[] part : parts) {
            digest.update(part);
        }
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
        return HexFormat.of().formatHex(digest.digest());
    }

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
