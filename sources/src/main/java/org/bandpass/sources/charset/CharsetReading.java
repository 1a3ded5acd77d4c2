package org.bandpass.sources.charset;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;

/**
 * Bytes decoded in a charset, which may be the wrong one.
 *
 * @param text the text, with U+FFFD for each invalid sequence
 * @param several number of valid characters beyond ASCII
 * @param malformed number of invalid sequences
 * @param tail bytes at the end that may be the beginning of a character
 */
record CharsetReading(String text, int several, int malformed, int tail) {

    /** So many valid characters of several bytes are not an accident. */
    static final int UNMISTAKABLE = 4;

    /** Ratio of valid to invalid sequences above which bytes are UTF-8. In other charsets most sequences are invalid. */
    private static final int VALID_FOR_MALFORMED = 2;

    private static final char REPLACEMENT = '\ufffd';

    static CharsetReading of(ByteBuffer bytes, Charset charset) {
        CharsetDecoder decoder = charset.newDecoder();
        ByteBuffer in = bytes.duplicate();
        // No charset has more characters than bytes.
        CharBuffer out = CharBuffer.allocate(in.remaining());
        int malformed = 0;
        CoderResult result = decoder.decode(in, out, false);
        while (result.isError()) {
            malformed++;
            in.position(in.position() + invalid(in, result.length(), charset));
            out.put(REPLACEMENT);
            result = decoder.decode(in, out, false);
        }
        String text = out.flip().toString();
        return new CharsetReading(text, several(text) - malformed, malformed, in.remaining());
    }

    /** Returns whether all bytes are valid, except those of a last character that was cut. */
    boolean isWhole() {
        return malformed == 0 && (tail == 0 || several >= UNMISTAKABLE);
    }

    /** Returns whether the bytes are damaged UTF-8, so that no other charset gives the text that was written. */
    boolean isDamaged() {
        return malformed > 0 && several >= UNMISTAKABLE && (long) malformed * VALID_FOR_MALFORMED < several;
    }

    /** Returns the length of an invalid sequence. Decoders include bytes after it that may be a valid character. */
    private static int invalid(ByteBuffer in, int length, Charset charset) {
        if (charset.name().startsWith("UTF-16")) {
            return Math.min(length, Character.BYTES);
        }
        if (charset.name().startsWith("UTF-32")) {
            return length;
        }
        int invalid = 1;
        while (invalid < length && in.get(in.position() + invalid) < 0) {
            invalid++;
        }
        return invalid;
    }

    private static int several(String text) {
        int several = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            several += c >= 0x80 && !Character.isLowSurrogate(c) ? 1 : 0;
        }
        return several;
    }
}
