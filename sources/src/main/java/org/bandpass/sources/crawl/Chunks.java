package org.bandpass.sources.crawl;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.jspecify.annotations.Nullable;

/** The chunked transfer encoding (RFC 9112, 7.1). */
final class Chunks {

    /** A chunk: where its bytes and the next chunk begin. */
    private record Chunk(int from, int size, int next) {}

    private Chunks() {}

    /**
     * Joins chunks up to the empty one. Content that does not begin with a chunk and the start of another was joined
     * already, even if it begins with a number. Only markup with its size, or more, in front is a first chunk that was
     * cut. Fails if the chunks break off.
     */
    static ByteBuffer join(ByteBuffer body) throws SourceFailure {
        ByteArrayOutputStream joined = new ByteArrayOutputStream(body.remaining());
        int count = 0;
        int at = 0;
        Chunk chunk = chunk(body, at);
        while (chunk != null && chunk.size() > 0) {
            joined.write(body.array(), body.arrayOffset() + chunk.from(), chunk.size());
            count++;
            at = chunk.next();
            chunk = chunk(body, at);
        }
        if (chunk != null && (count > 0 || isLineEnds(body, chunk.next()))) {
            return ByteBuffer.wrap(joined.toByteArray());
        }
        if (count == 0 ? !isCutMarkup(body) : count == 1 && !isCut(body, at)) {
            return body;
        }
        throw new SourceFailure(Rejection.MALFORMED, "its chunks break off after " + joined.size() + " bytes");
    }

    private static @Nullable Chunk chunk(ByteBuffer body, int at) {
        int from = afterSize(body, at);
        int size = size(body, at);
        if (from < 0 || size > body.limit() - from) {
            return null;
        }
        int next = size == 0 ? from : afterLineEnd(body, from + size);
        return next < 0 ? null : new Chunk(from, size, next);
    }

    /** Returns whether the body ends within a second chunk, or within the line of its size, at an offset. */
    private static boolean isCut(ByteBuffer body, int at) {
        int digits = afterDigits(body, at);
        // Servers write a carriage return. After a line feed alone, letters at the end of a text may look like digits.
        boolean sizeEndsBody = digits > at && body.get(at - 2) == '\r' && isLineEnds(body, digits);
        return at == body.limit() || sizeEndsBody || afterSize(body, at) >= 0;
    }

    private static boolean isCutMarkup(ByteBuffer body) {
        int from = afterSize(body, 0);
        return from >= 0
                && from < body.limit()
                && body.get(from) == '<'
                && isLineEnds(body, (int) Math.min(body.limit(), (long) from + size(body, 0)));
    }

    /** Returns the offset after hexadecimal digits, of which zeros may pad a size to any length. */
    private static int afterDigits(ByteBuffer body, int from) {
        int at = from;
        while (at < body.limit() && Character.digit(body.get(at), 16) >= 0) {
            at++;
        }
        return at;
    }

    /** Returns the hexadecimal number at an offset, at most the largest int. */
    private static int size(ByteBuffer body, int from) {
        long size = 0;
        int end = afterDigits(body, from);
        for (int i = from; i < end; i++) {
            size = Math.min(Integer.MAX_VALUE, size << 4 | Character.digit(body.get(i), 16));
        }
        return (int) size;
    }

    /** Returns the offset after the line of a size, or -1 where the line is anything else. */
    private static int afterSize(ByteBuffer body, int from) {
        int at = afterDigits(body, from);
        if (at == from) {
            return -1;
        }
        while (at < body.limit() && (body.get(at) == ' ' || body.get(at) == '\t')) {
            at++;
        }
        if (at < body.limit() && body.get(at) == ';') {
            while (at < body.limit() && !isLineEnd(body.get(at))) {
                at++;
            }
        }
        return afterLineEnd(body, at);
    }

    /** Returns the offset after the line end at an offset, or -1 where there is none. */
    private static int afterLineEnd(ByteBuffer body, int at) {
        int feed = at < body.limit() && body.get(at) == '\r' ? at + 1 : at;
        return feed < body.limit() && body.get(feed) == '\n' ? feed + 1 : -1;
    }

    private static boolean isLineEnds(ByteBuffer body, int from) {
        int at = from;
        while (at < body.limit() && isLineEnd(body.get(at))) {
            at++;
        }
        return at == body.limit();
    }

    private static boolean isLineEnd(int b) {
        return b == '\r' || b == '\n';
    }
}
