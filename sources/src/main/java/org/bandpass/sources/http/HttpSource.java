package org.bandpass.sources.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import org.bandpass.sources.file.LocalFile;
import org.bandpass.sources.file.Source;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.jspecify.annotations.Nullable;

/**
 * A file on a server, as it was when its headers were read.
 *
 * <p>If the server gives ranges, the fingerprint is that of a local file, and a transfer resumes where it was cut. If it
 * does not, the file is read again and skipped up to there, and the fingerprint is of its ETag, or else its time, or else
 * its first 64 KiB, and its size.
 *
 * @param ranges whether the server gives ranges
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

    /** Requests one byte: the headers of the answer describe the file. */
    static HttpSource look(HttpLocation location, HttpRequests requests) throws IOException {
        for (int failed = 1; ; failed++) {
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
            } catch (SourceFailure | InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                requests.await(location, failed, e);
            }
        }
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
        if (ranges && size >= 0) {
            return Source.super.fingerprint(size);
        }
        return LocalFile.hash(size, version.isEmpty() ? range(0, ENDS) : version.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public byte[] range(long from, int count) throws IOException {
        try (InputStream in = new HttpDownload(this, from, from + count)) {
            return in.readNBytes(count);
        }
    }

    @Override
    public InputStream open() {
        return new HttpDownload(this, 0, Long.MAX_VALUE);
    }

    /** Checks that an answer is of the same file; fails if it has changed. */
    void require(HttpAnswer answer) throws SourceFailure {
        if (answer.status() == 416) {
            throw new SourceFailure(
                    Rejection.BROKEN_OFF,
                    "the server announced " + bytes + " bytes of the file, but does not have them");
        }
        if (!answer.version().equals(version)) {
            throw changed("its ETag or time is another");
        }
        if (bytes >= 0 && answer.size() >= 0 && answer.size() != bytes) {
            throw changed("it had " + bytes + " bytes and has " + answer.size());
        }
    }

    static SourceFailure changed(String how) {
        return new SourceFailure(
                Rejection.UNREADABLE, "the file has changed while it was read: " + how + "; ingest it again");
    }
}
