package org.bandpass.sources.page;

import java.lang.Character.UnicodeScript;

/** How texts end that are sentences, in any script. */
final class Sentences {

    /**
     * Marks that end a sentence, or a quotation or a parenthesis after it: of Latin, Greek, Hebrew, Arabic and Urdu,
     * Devanagari, Chinese and Japanese, Armenian, Ethiopic, Khmer and Burmese (Unicode's property Sentence_Terminal, and
     * closing punctuation).
     */
    private static final String ENDS = ".!?:;\u2026\"\u201c\u201d\u2019\u00bb)]\u037e\u05c3\u061f\u06d4\u0964\u0965"
            + "\u3002\uff01\uff1f\uff0e\uff61\uff1a\uff1b\u300d\u300f\uff09\u0589\u1362\u17d4\u104b";

    private Sentences() {}

    /** Returns whether a text ends as sentences do, or in a script that has no mark for that. */
    static boolean ends(String words) {
        int last = words.codePointBefore(words.length());
        return ENDS.indexOf(last) >= 0 || isWithoutMarks(UnicodeScript.of(last));
    }

    private static boolean isWithoutMarks(UnicodeScript script) {
        return script == UnicodeScript.THAI || script == UnicodeScript.LAO;
    }
}
