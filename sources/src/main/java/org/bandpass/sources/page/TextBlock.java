package org.bandpass.sources.page;

/**
 * A paragraph, heading, item, row or piece of code of a page.
 *
 * @param kind what it is
 * @param words its text
 * @param letters how much that is
 * @param ofLinks how much of it is that of links
 * @param level of a heading, from 1; else 0
 * @param wanted whether a user asked for it
 */
record TextBlock(Kind kind, String words, int letters, int ofLinks, int level, boolean wanted) {

    /** Kinds of blocks. */
    enum Kind {
        PARAGRAPH,
        HEADING,
        /** An item of a list, or a row of a table. */
        LINE,
        CODE
    }

    /** A shorter block may be a label, a date or a teaser. */
    private static final int SHORTEST_PROSE = 80;

    /** One in so many letters of prose may be that of a link. */
    private static final int LETTERS_TO_LINKS = 3;

    boolean isHeading() {
        return kind == Kind.HEADING;
    }

    boolean isProse() {
        return !isHeading() && letters >= SHORTEST_PROSE && hasFewLinks();
    }

    boolean hasFewLinks() {
        return LETTERS_TO_LINKS * ofLinks < letters;
    }

    boolean isSentence() {
        return Sentences.ends(words);
    }
}
