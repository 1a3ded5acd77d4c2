package org.bandpass.sources.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.stream.BlockStream;
import org.jspecify.annotations.Nullable;

/** Reads a range of a file on a server, over as many connections as needed. Used by one thread. */
final class HttpDownload extends BlockStream {

    /** After this many bytes the count of attempts starts again. */
    private static final long SOME = 64 << 10;

    private final HttpSource source;
    private final long to;
    /** Whether only some bytes are wanted, for which the whole file is not transferred. */
    private final boolean few;

    private @Nullable HttpAnswer answer;
    private long position;
    private long failedAt;
    private int failed;

    /** Begins at a byte, and ends before another one or at the end of the file. */
    HttpDownload(HttpSource source, long from, long to) {
        super(InputStream.nullInputStream());
        this.source = source;
        this.position = from;
        this.failedAt = from;
        this.few = to < Long.MAX_VALUE;
        // A server may send more than it announced.
        this.to = source.bytes() < 0 ? to : Math.min(to, source.bytes());
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (position < to) {
            try {
                int count = answer().body().read(bytes, offset, (int) Math.min(length, to - position));
                if (count >= 0) {
                    position += count;
                    return count;
                }
                if (source.bytes() < 0) {
                    return -1;
                }
                throw new EOFException("the connection ended at byte " + position + " of " + to);
            } catch (SourceFailure | InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                close();
                failed = position - failedAt >= SOME ? 1 : failed + 1;
                failedAt = position;
                source.requests().await(source.location(), failed, e);
            }
        }
        return -1;
    }

    @Override
    public void close() {
        if (answer != null) {
            answer.close();
            answer = null;
        }
    }

    private HttpAnswer answer() throws IOException {
        HttpAnswer current = answer;
        if (current == null) {
            boolean toEnd = to == Long.MAX_VALUE || to == source.bytes();
            boolean part = source.ranges() && (position > 0 || !toEnd);
            String range = part ? "bytes=" + position + "-" + (toEnd ? "" : to - 1) : null;
            current = checked(source.requests().get(source.location(), range, part ? source.tag() : null), part);
            answer = current;
        }
        return current;
    }

    private HttpAnswer checked(HttpAnswer given, boolean part) throws IOException {
        try {
            source.require(given);
            if (given.from() < 0 || given.from() > position) {
                throw new SourceFailure(Rejection.UNREADABLE, "the server gives another range than requested");
            }
            if (few && part && given.from() != position) {
                throw HttpSource.changed("its server gives no ranges any more");
            }
            given.body().skipNBytes(position - given.from());
            return given;
        } catch (IOException e) {
            given.close();
            throw e;
        }
    }
}
