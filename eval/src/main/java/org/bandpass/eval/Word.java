package org.bandpass.eval;

/**
 * Where words of a text lie: a run of letters, digits and their marks, or a single ideograph, since scripts of ideographs
 * put no spaces between words.
 */
final class Word {

    private Word() {}

    /** Returns the index of the first word that begins in [from, to), or -1. */
    static int start(String text, int from, int to) {
        for (int at = from; at < to; at++) {
            boolean middle = at > 0 && Character.isSurrogatePair(text.charAt(at - 1), text.charAt(at));
            if (!middle && begins(text, at)) {
                return at;
            }
        }
        return -1;
    }

    /** Returns the index after the word that begins at an index. */
    static int end(String text, int start) {
        int at = start + Character.charCount(text.codePointAt(start));
        if (Character.isIdeographic(text.codePointAt(start))) {
            return at;
        }
        while (at < text.length() && continues(text.codePointAt(at))) {
            at += Character.charCount(text.codePointAt(at));
        }
        return at;
    }

    private static boolean begins(String text, int at) {
        int point = text.codePointAt(at);
        return Character.isIdeographic(point)
                || Character.isLetterOrDigit(point) && (at == 0 || !continues(text.codePointBefore(at)));
    }

    private static boolean continues(int point) {
        return !Character.isIdeographic(point) && (Character.isLetterOrDigit(point) || isMark(point));
    }

    private static boolean isMark(int point) {
        int type = Character.getType(point);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }
}
