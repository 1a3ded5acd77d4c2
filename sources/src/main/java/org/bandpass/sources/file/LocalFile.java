package org.bandpass.sources.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;

/**
 * A file of this machine, as it was when it was looked at.
 *
 * @param path canonical path
 * @param bytes size
 * @param modifiedAt modification time, milliseconds since 1970
 */
public record LocalFile(Path path, long bytes, long modifiedAt) implements Source {

    private static final int ENDS = 64 << 10;

    /**
     * Looks at a file.
     *
     * @throws SourceFailure if there is none, it is no file or may not be read
     */
    public static LocalFile of(Path path) throws SourceFailure {
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
        } catch (SourceFailure e) {
            throw e;
        } catch (IOException e) {
            throw new SourceFailure(Rejection.UNREADABLE, String.valueOf(e.getMessage()), e);
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
    public InputStream open() throws IOException {
        return Files.newInputStream(path);
    }

    @Override
    public byte[] range(long from, int count) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(path)) {
            ByteBuffer buffer = ByteBuffer.allocate(count);
            channel.position(from);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // a channel may give fewer bytes than asked for
            }
            return Arrays.copyOf(buffer.array(), buffer.position());
        }
    }

    @Override
    public String fingerprint(long size) throws IOException {
        MessageDigest digest = sha256();
        // A file that shrank gives another fingerprint.
        digest.update(range(0, (int) Math.min(size, ENDS)));
        long from = Math.max(0, size - ENDS);
        digest.update(range(from, (int) (size - from)));
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, size));
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
