package org.bandpass.sources.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.stream.BlockStream;
import org.jspecify.annotations.Nullable;

/** Reads a file from a server to its end, over as many connections as that takes. Used by one thread. */
final class HttpDownload extends BlockStream {

    /** After this many bytes the count of attempts starts again. */
    private static final long SOME = 64 << 10;

    private final HttpSource source;
    private @Nullable HttpAnswer answer;
    private long position;
    private long failedAt;
    private int failed;

    HttpDownload(HttpSource source) {
        super(InputStream.nullInputStream());
        this.source = source;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (source.bytes() < 0 || position < source.bytes()) {
            try {
                // A server may send more than it said; the rest was not looked at.
                int wanted = source.bytes() < 0 ? length : (int) Math.min(length, source.bytes() - position);
                int count = answer().body().read(bytes, offset, wanted);
                if (count >= 0) {
                    position += count;
                    return count;
                }
                if (source.bytes() < 0) {
                    return -1;
                }
                throw new EOFException("the connection ended at byte " + position + " of " + source.bytes());
            } catch (SourceFailure | InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                failed(e);
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
            boolean part = position > 0 && source.ranges();
            String range = part ? "bytes=" + position + "-" : null;
            current = checked(source.requests().get(source.location(), range, part ? source.tag() : null));
            answer = current;
        }
        return current;
    }

    private HttpAnswer checked(HttpAnswer asked) throws IOException {
        try {
            source.require(asked);
            if (asked.from() < 0 || asked.from() > position) {
                throw new SourceFailure(Rejection.UNREADABLE, "the server gives another range than it was asked for");
            }
            asked.body().skipNBytes(position - asked.from());
            return asked;
        } catch (IOException e) {
            asked.close();
            throw e;
        }
    }

    private void failed(IOException e) throws IOException {
        close();
        failed = position - failedAt >= SOME ? 1 : failed + 1;
        failedAt = position;
        source.requests().await(source.location(), failed, e);
    }
}
