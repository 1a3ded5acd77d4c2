package org.bandpass.sources.page;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Writes the text of a page block by block: a paragraph stands between empty lines, an item of a list or a row of a table
 * on a line of its own.
 */
final class PageText {

    private enum Block {
        PARAGRAPH,
        HEADING,
        LINE
    }

    /** Largest share of a block's text that may be that of links; an encyclopedia's paragraphs have more than half. */
    private static final double MOST_LINKS = 0.75;

    private static final Pattern EMPTY_LINES = Pattern.compile("\n{3,}");

    private record Heading(int level, String words) {}

    private final StringBuilder text = new StringBuilder();
    private final StringBuilder block = new StringBuilder();
    private final List<Heading> headings = new ArrayList<>();
    private Block kind = Block.PARAGRAPH;
    private Block before = Block.PARAGRAPH;
    private String mark = "";
    private int level;
    private int linkLetters;
    private boolean spaced;
    private boolean verbatim;

    static boolean isSpace(char c) {
        return c <= ' ' || c == '\u00a0' || c == '\u3000' || c >= '\u2000' && c <= '\u200a';
    }

    /** Returns whether it has no width: such stand within words, to say where a line may break and where it may not. */
    static boolean isUnseen(char c) {
        return c == '\u200b' || c == '\ufeff';
    }

    /** Adds words; runs of white space become one space. */
    void add(String words, boolean ofLink) {
        linkLetters += ofLink ? LinkShares.letters(words) : 0;
        if (verbatim) {
            block.append(words.replace("\u200b", "").replace("\ufeff", ""));
            return;
        }
        for (int i = 0; i < words.length(); i++) {
            char c = words.charAt(i);
            if (isSpace(c)) {
                spaced = true;
            } else if (!isUnseen(c)) {
                if (spaced && !block.isEmpty() && block.charAt(block.length() - 1) != '\n') {
                    block.append(' ');
                }
                spaced = false;
                block.append(c);
            }
        }
    }

    void paragraph() {
        flush();
        kind = mark.isEmpty() ? Block.PARAGRAPH : Block.LINE;
    }

    void heading(int ofLevel) {
        flush();
        mark = "";
        kind = Block.HEADING;
        level = ofLevel;
    }

    /** Begins an item of a list. */
    void item(boolean marked) {
        flush();
        mark = marked ? "- " : "";
        kind = Block.LINE;
    }

    void endItem() {
        flush();
        mark = "";
        kind = Block.PARAGRAPH;
    }

    void row() {
        flush();
        mark = "";
        kind = Block.LINE;
    }

    /** Begins a cell; those of a row stand on one line unless there are blocks in them. */
    void cell() {
        if (!block.isEmpty()) {
            block.append(" | ");
            spaced = false;
        }
        kind = Block.LINE;
    }

    void preformatted(boolean begins) {
        flush();
        verbatim = begins;
        kind = Block.PARAGRAPH;
    }

    void lineBreak() {
        if (!block.isEmpty()) {
            block.append('\n');
        }
    }

    /** Returns all of it. */
    String end() {
        flush();
        return text.toString();
    }

    private void flush() {
        String words = EMPTY_LINES.matcher(block).replaceAll("\n\n").stripTrailing();
        words = verbatim ? withoutEmptyLines(words) : words;
        boolean links = linkLetters > MOST_LINKS * LinkShares.letters(words);
        block.setLength(0);
        linkLetters = 0;
        spaced = false;
        if (words.isBlank()) {
            return;
        }
        if (kind == Block.HEADING) {
            headings.removeIf(heading -> heading.level() >= level);
            headings.add(new Heading(level, words));
            kind = Block.PARAGRAPH;
        } else if (!links) {
            headings.forEach(heading -> write(heading.words(), Block.HEADING));
            headings.clear();
            write(mark + words, kind);
            mark = "";
        }
    }

    /** The indentation of the first line counts, lines before it do not. */
    private static String withoutEmptyLines(String words) {
        int first = 0;
        while (first < words.length() && isSpace(words.charAt(first))) {
            first++;
        }
        return words.substring(words.lastIndexOf('\n', first) + 1);
    }

    private void write(String words, Block as) {
        if (!text.isEmpty()) {
            text.append(as == Block.LINE && before == Block.LINE ? "\n" : "\n\n");
        }
        text.append(words);
        before = as;
    }
}
