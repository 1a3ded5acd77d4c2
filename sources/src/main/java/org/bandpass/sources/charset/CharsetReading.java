package org.bandpass.sources.charset;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;

/**
 * What bytes are when they are read in a charset, right or wrong.
 *
 * @param text the text, in which U+FFFD stands for each sequence that is not valid
 * @param several how many characters beyond ASCII are valid
 * @param malformed how many sequences are not
 * @param tail bytes at the end that may be the beginning of a character
 */
record CharsetReading(String text, int several, int malformed, int tail) {

    /** As many characters of several bytes are no accident. */
    static final int UNMISTAKABLE = 4;

    /**
     * With more valid characters than that to each that is not, it is UTF-8: of texts in other charsets, even those of
     * East Asia, most are not valid.
     */
    private static final int VALID_FOR_MALFORMED = 2;

    private static final char REPLACEMENT = '\ufffd';

    static CharsetReading of(ByteBuffer bytes, Charset charset) {
        CharsetDecoder decoder = charset.newDecoder();
        ByteBuffer in = bytes.duplicate();
        // None makes more characters than it has bytes.
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

    /** Returns whether all is valid, but for a last character that was cut. */
    boolean isWhole() {
        return malformed == 0 && (tail == 0 || several >= UNMISTAKABLE);
    }

    /** Returns whether it is UTF-8 that was damaged, so that what another charset makes of it is not what was written. */
    boolean isDamaged() {
        return malformed > 0 && several >= UNMISTAKABLE && (long) malformed * VALID_FOR_MALFORMED < several;
    }

    /** Returns how many characters the text has. */
    int characters() {
        return text.codePointCount(0, text.length());
    }

    /** Decoders count what follows half a character as part of it, which may be a good character of its own. */
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
