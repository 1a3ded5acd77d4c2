package org.bandpass.ingest;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * What bytes are when they are read as UTF-8, right or wrong.
 *
 * @param text what is valid of them
 * @param several how many characters of several bytes are valid
 * @param malformed how many sequences are not
 * @param tail bytes at the end that may be the beginning of a character
 */
record Utf8Reading(String text, int several, int malformed, int tail) {

    /** As many characters of several bytes are no accident. */
    static final int UNMISTAKABLE = 4;

    /**
     * With more valid characters than that to each that is not, it is UTF-8: of texts in other charsets, even those of
     * East Asia, most are not valid.
     */
    private static final int VALID_FOR_MALFORMED = 2;

    static Utf8Reading of(ByteBuffer bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = bytes.duplicate();
        CharBuffer out = CharBuffer.allocate(in.remaining());
        int malformed = 0;
        CoderResult result = decoder.decode(in, out, false);
        while (result.isError()) {
            malformed++;
            in.position(in.position() + result.length());
            result = decoder.decode(in, out, false);
        }
        String text = out.flip().toString();
        return new Utf8Reading(text, several(text), malformed, in.remaining());
    }

    /** Returns whether all is UTF-8, but for a last character that was cut. */
    boolean isWhole() {
        return malformed == 0 && (tail == 0 || several >= UNMISTAKABLE);
    }

    /** Returns whether it is UTF-8 that was damaged, so that what another charset makes of it is not what was written. */
    boolean isDamaged() {
        return malformed > 0 && several >= UNMISTAKABLE && (long) malformed * VALID_FOR_MALFORMED < several;
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
