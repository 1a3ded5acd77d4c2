package org.bandpass.eval.gauntlet;

import java.util.Locale;
import org.bandpass.eval.prompt.PythonSpace;

/**
 * The normal form of a generated answer, as the evaluation script of TriviaQA (Joshi et al. 2017) makes it: lower case,
 * punctuation and underscores as spaces, without the words a, an and the, single spaces.
 */
final class AnswerText {

    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~‘’´";

    private AnswerText() {}

    /** Returns the normal form; it may be empty. */
    static String normalise(String text) {
        return joined(text.toLowerCase(Locale.ROOT));
    }

    /**
     * Returns the part whose normal form more text cannot change: up to the last character that separates words. The
     * word after it may grow ("a" to "apple"), and a character may still be incomplete.
     */
    static String settled(String text) {
        int to = text.length();
        while (to > 0 && !separates(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(0, to);
    }

    private static String joined(String lower) {
        StringBuilder out = new StringBuilder(lower.length());
        int at = 0;
        while (at < lower.length()) {
            if (separates(lower.charAt(at))) {
                at++;
                continue;
            }
            int end = at;
            while (end < lower.length() && !separates(lower.charAt(end))) {
                end++;
            }
            append(withoutArticles(lower.substring(at, end)), out);
            at = end;
        }
        return out.toString();
    }

    private static void append(String part, StringBuilder out) {
        for (String word : part.split(" ", -1)) {
            if (!word.isEmpty()) {
                out.append(out.isEmpty() ? "" : " ").append(word);
            }
        }
    }

    /**
     * Replaces articles by a space where they stand between characters that are neither letters, digits nor underscores,
     * as Python's {@code \b} sees words: "the—end" loses its article.
     */
    private static String withoutArticles(String part) {
        StringBuilder out = new StringBuilder(part.length());
        int at = 0;
        while (at < part.length()) {
            int end = at;
            while (end < part.length() && isWord(part.codePointAt(end))) {
                end += Character.charCount(part.codePointAt(end));
            }
            String word = part.substring(at, end);
            boolean article = word.equals("a") || word.equals("an") || word.equals("the");
            out.append(article ? " " : word);
            at = end;
            if (at < part.length()) {
                int other = part.codePointAt(at);
                out.appendCodePoint(other);
                at += Character.charCount(other);
            }
        }
        return out.toString();
    }

    private static boolean isWord(int point) {
        int type = Character.getType(point);
        return Character.isLetter(point)
                || type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
    }

    private static boolean separates(char c) {
        return PythonSpace.is(c) || PUNCTUATION.indexOf(c) >= 0;
    }
}
