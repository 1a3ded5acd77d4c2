package org.bandpass.sources.crawl;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.jspecify.annotations.Nullable;

/** The pieces in which a server sends a content whose length it does not know yet (RFC 9112, 7.1). */
final class Chunks {

    /** The bytes [from, to), after which the next chunk begins. */
    private record Chunk(int from, int to, int next) {

        int size() {
            return to - from;
        }
    }

    private Chunks() {}

    /**
     * Joins chunks up to the empty one. What is not a chunk and the beginning of another is a content that was joined
     * already, even if it begins with a number; but markup of which the number is the size, and more, is a first chunk
     * that was cut.
     *
     * @throws SourceFailure if they break off
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
        int digits = digits(body, at);
        int from = digits == 0 ? -1 : afterSize(body, at + digits);
        int size = number(body, at, digits);
        if (from < 0 || size > body.limit() - from) {
            return null;
        }
        int next = size == 0 ? from : afterLineEnd(body, from + size);
        return next < 0 ? null : new Chunk(from, from + size, next);
    }

    /** Returns whether the body ends within a chunk, or the line of its size, that begins at an offset after another. */
    private static boolean isCut(ByteBuffer body, int at) {
        int digits = digits(body, at);
        // Servers end lines with both; after a line feed alone, letters that end a text may be no digits.
        boolean sizeEndsBody = body.get(at - 2) == '\r' && isLineEnds(body, at + digits);
        return at == body.limit() || digits > 0 && (sizeEndsBody || afterSize(body, at + digits) >= 0);
    }

    private static boolean isCutMarkup(ByteBuffer body) {
        int digits = digits(body, 0);
        int from = digits == 0 ? -1 : afterSize(body, digits);
        return from >= 0
                && from < body.limit()
                && body.get(from) == '<'
                && isLineEnds(body, (int) Math.min(body.limit(), (long) from + number(body, 0, digits)));
    }

    private static int digits(ByteBuffer body, int from) {
        int digits = 0;
        // Some servers write zeros in front, so that all sizes are of one length.
        while (from + digits < body.limit() && Character.digit(body.get(from + digits), 16) >= 0) {
            digits++;
        }
        return digits;
    }

    /** Returns the number, or the largest int for those beyond. */
    private static int number(ByteBuffer body, int from, int digits) {
        long number = 0;
        for (int i = 0; i < digits; i++) {
            number = Math.min(Integer.MAX_VALUE, number << 4 | Character.digit(body.get(from + i), 16));
        }
        return (int) number;
    }

    /** Returns the offset after the line of a size, -1 where it is another line. */
    private static int afterSize(ByteBuffer body, int from) {
        int at = from;
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

    /** Returns the offset after the line end that begins at an offset, -1 where none does. */
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
