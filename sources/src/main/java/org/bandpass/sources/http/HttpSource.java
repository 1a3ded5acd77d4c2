package org.bandpass.sources.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.bandpass.sources.file.LocalFile;
import org.bandpass.sources.file.Source;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.jspecify.annotations.Nullable;

/**
 * A file on a server, as it was when it was looked at.
 *
 * <p>A server that gives ranges is asked for the first and last 64 KiB, as a local file is, and a transfer that was cut
 * resumes where it was. From one that gives none, the whole is read again and passed over up to there, and a change of
 * the file is known only by its ETag, or else its time, or else its first 64 KiB, and its size.
 *
 * @param location its URL
 * @param requests sends requests
 * @param bytes size, -1 where the server does not say
 * @param modifiedAt time of the last change, 0 where the server does not say
 * @param ranges whether the server gives parts of it
 * @param version what tells this version from others, "" where the server says nothing
 * @param tag the strong ETag, or null
 */
record HttpSource(
        HttpLocation location,
        HttpRequests requests,
        long bytes,
        long modifiedAt,
        boolean ranges,
        String version,
        @Nullable String tag)
        implements Source {

    private static final int ENDS = 64 << 10;

    /** What is asked of a server, perhaps several times. */
    private interface Question<T> {
        T ask() throws IOException;
    }

    /** Asks for one byte, whose answer says all that is known of the file. */
    static HttpSource look(HttpLocation location, HttpRequests requests) throws IOException {
        return answered(location, requests, () -> {
            try (HttpAnswer answer = requests.get(location, "bytes=0-0", null)) {
                // A range of an empty file cannot be satisfied.
                if (answer.status() == 416 && answer.size() != 0) {
                    throw new SourceFailure(Rejection.UNREADABLE, "the server answers 416 to its first byte");
                }
                return new HttpSource(
                        location,
                        requests,
                        answer.size(),
                        answer.modifiedAt(),
                        answer.status() != 200,
                        answer.version(),
                        answer.strongTag());
            }
        });
    }

    @Override
    public String name() {
        return location.name();
    }

    @Override
    public String fileName() {
        return location.fileName();
    }

    @Override
    public String fingerprint(long size) throws IOException {
        MessageDigest digest = LocalFile.sha256();
        if (ranges && size >= 0) {
            byte[] first = range(0, (int) Math.min(size, ENDS));
            digest.update(first);
            digest.update(size <= ENDS ? first : range(size - ENDS, ENDS));
        } else {
            digest.update(version.isEmpty() ? head() : version.getBytes(StandardCharsets.UTF_8));
        }
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, size));
        return HexFormat.of().formatHex(digest.digest());
    }

    private byte[] head() throws IOException {
        try (InputStream in = open()) {
            return in.readNBytes(ENDS);
        }
    }

    @Override
    public byte[] range(long from, int count) throws IOException {
        if (count == 0) {
            return new byte[0];
        }
        return answered(location, requests, () -> {
            try (HttpAnswer answer = requests.get(location, "bytes=" + from + "-" + (from + count - 1), tag)) {
                require(answer);
                if (answer.from() != from) {
                    throw changed("it gives no ranges any more");
                }
                return answer.body().readNBytes(count);
            }
        });
    }

    @Override
    public InputStream open() {
        return new HttpDownload(this);
    }

    @Override
    public @Nullable Path path() {
        return null;
    }

    /**
     * Checks that an answer is of the same file.
     *
     * @throws SourceFailure if it has changed
     */
    void require(HttpAnswer answer) throws SourceFailure {
        if (answer.status() == 416) {
            throw new SourceFailure(
                    Rejection.BROKEN_OFF,
                    "the server said that the file has " + bytes + " bytes, but does not have them");
        }
        if (!answer.version().equals(version)) {
            throw changed("its ETag or time is another");
        }
        if (bytes >= 0 && answer.size() >= 0 && answer.size() != bytes) {
            throw changed("it had " + bytes + " bytes and has " + answer.size());
        }
    }

    private static SourceFailure changed(String how) {
        return new SourceFailure(
                Rejection.UNREADABLE, "the file has changed while it was read: " + how + "; ingest it again");
    }

    private static <T> T answered(HttpLocation location, HttpRequests requests, Question<T> question)
            throws IOException {
        for (int failed = 1; ; failed++) {
            try {
                return question.ask();
            } catch (SourceFailure | InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                requests.await(location, failed, e);
            }
        }
    }
}
