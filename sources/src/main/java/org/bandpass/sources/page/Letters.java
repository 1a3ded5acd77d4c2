package org.bandpass.sources.page;

/**
 * How much a text holds, in letters of an alphabet. White space and marks without width count nothing. A character of
 * Chinese, Japanese or Korean counts three: it says about as much, and UTF-8 spends as many bytes on it.
 */
final class Letters {

    private static final int IDEOGRAPH = 3;

    private Letters() {}

    static int count(CharSequence text) {
        int letters = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isSpace(c) && !isInvisible(c)) {
                letters += isIdeograph(c) ? IDEOGRAPH : 1;
            }
        }
        return letters;
    }

    static boolean isSpace(char c) {
        return c <= ' ' || c == '\u00a0' || c == '\u3000' || c >= '\u2000' && c <= '\u200a';
    }

    /** Returns whether a character has no width; such characters say where a line may break within a word. */
    static boolean isInvisible(char c) {
        return c == '\u200b' || c == '\ufeff';
    }

    /** Kana, Han and Hangul. */
    private static boolean isIdeograph(char c) {
        return c >= '\u3040' && (c <= '\u9fff' || c >= '\uac00' && c <= '\ud7a3' || c >= '\uf900' && c <= '\ufaff');
    }
}
