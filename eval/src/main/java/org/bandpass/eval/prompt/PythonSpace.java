package org.bandpass.eval.prompt;

/**
 * White space as Python's {@code str.strip} knows it: {@code str.isspace}, which has U+0085 and the no-break spaces that
 * {@link String#strip()} leaves.
 */
public final class PythonSpace {

    private PythonSpace() {}

    /** Returns the text without white space at its ends. */
    public static String strip(String text) {
        int start = 0;
        while (start < text.length() && is(text.charAt(start))) {
            start++;
        }
        return stripTrailing(text.substring(start));
    }

    /** Returns the text without white space at its end. */
    public static String stripTrailing(String text) {
        int end = text.length();
        while (end > 0 && is(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    /** Returns whether a character is white space; all of those are in the basic plane. */
    public static boolean is(char c) {
        return Character.isWhitespace(c) || c == '\u0085' || c == '\u00a0' || c == '\u2007' || c == '\u202f';
    }
}
