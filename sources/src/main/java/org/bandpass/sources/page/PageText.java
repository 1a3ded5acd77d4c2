package org.bandpass.sources.page;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.bandpass.sources.page.TextBlock.Kind;

/**
 * Writes the text of a page block by block: empty lines separate paragraphs, each item of a list and each row of a table
 * has its line, code keeps its lines.
 *
 * <p>Drops blocks of links, headings with nothing below, and repeated paragraphs: pages hold the same text for narrow and
 * wide screens, or quote themselves.
 */
final class PageText {

    /** Largest share of a block's text that may be that of links; an encyclopedia's paragraphs have more than half. */
    private static final double MOST_LINKS = 0.75;

    /** Shorter blocks may be the same with good reason: a refrain, a cell, an answer. */
    private static final int SHORTEST_REPEAT = 60;

    /** A longer heading that is a sentence is a paragraph in large letters. */
    private static final int LONGEST_HEADING = 120;

    private static final Pattern EMPTY_LINES = Pattern.compile("\n{3,}");

    private final List<TextBlock> blocks = new ArrayList<>();
    private final List<TextBlock> headings = new ArrayList<>();
    private final Set<String> longParagraphs = new HashSet<>();
    private final StringBuilder block = new StringBuilder();
    private Kind kind = Kind.PARAGRAPH;
    private String mark = "";
    private int level;
    private int linkLetters;
    private int wanted;
    private int code;
    private int joined;
    private boolean spaced;
    private boolean lineEnded;

    /** Adds words; runs of white space become one space. */
    void add(String words, boolean ofLink) {
        linkLetters += ofLink ? Letters.count(words) : 0;
        if (code > 0) {
            addCode(words);
            return;
        }
        for (int i = 0; i < words.length(); i++) {
            char c = words.charAt(i);
            if (Letters.isSpace(c)) {
                spaced = true;
            } else if (!Letters.isInvisible(c)) {
                if (spaced && !endsInSpace()) {
                    block.append(' ');
                }
                spaced = false;
                block.append(c);
            }
        }
    }

    private boolean endsInSpace() {
        int last = block.length() - 1;
        return last < 0 || block.charAt(last) == '\n' || block.charAt(last) == ' ';
    }

    /** The line break between two blocks that are lines formats the markup. */
    private void addCode(String words) {
        String line = lineEnded && words.startsWith("\n") ? words.substring(1) : words;
        lineEnded = false;
        block.append(line.replace("\u200b", "").replace("\ufeff", ""));
    }

    /** Begins or ends a paragraph, or another block. */
    void paragraph() {
        if (ends()) {
            kind = mark.isEmpty() ? Kind.PARAGRAPH : Kind.LINE;
        }
    }

    /**
     * Begins a heading.
     *
     * @param onOneLine whether it stands on one line, whatever blocks are in it
     */
    void heading(int ofLevel, boolean onOneLine) {
        if (ends()) {
            mark = "";
            kind = Kind.HEADING;
            level = ofLevel;
        }
        joined += onOneLine ? 1 : 0;
    }

    void endHeading(boolean onOneLine) {
        joined -= onOneLine ? 1 : 0;
        paragraph();
    }

    /** Begins an item of a list. */
    void item(boolean marked) {
        if (ends()) {
            mark = marked ? "- " : "";
            kind = Kind.LINE;
        }
    }

    void endItem() {
        if (ends()) {
            mark = "";
            kind = Kind.PARAGRAPH;
        }
    }

    /**
     * Begins a row of a table.
     *
     * @param onOneLine whether it stands on one line, whatever blocks are in its cells
     */
    void row(boolean onOneLine) {
        if (ends()) {
            mark = "";
            kind = Kind.LINE;
        }
        joined += onOneLine ? 1 : 0;
    }

    void endRow(boolean onOneLine) {
        joined -= onOneLine ? 1 : 0;
        ends();
    }

    /** Begins a cell of a row. */
    void cell() {
        if (code == 0 && !block.isEmpty()) {
            block.append(" | ");
            spaced = false;
        }
        if (joined == 0 && code == 0) {
            kind = Kind.LINE;
        }
    }

    void code() {
        if (ends()) {
            kind = Kind.CODE;
        }
        code++;
    }

    void endCode() {
        code--;
        if (ends()) {
            kind = Kind.PARAGRAPH;
        }
    }

    void lineBreak() {
        if (code > 0) {
            block.append('\n');
        } else if (joined > 0) {
            spaced = true;
        } else if (!block.isEmpty()) {
            block.append('\n');
        }
    }

    /** Begins a part that a user asked for beside the text. */
    void wanted() {
        ends();
        wanted++;
    }

    void endWanted() {
        ends();
        wanted--;
    }

    /** Ends a block; returns false if it continues, as code and one-line headings and rows do. */
    private boolean ends() {
        if (code > 0) {
            endLine();
            return false;
        }
        if (joined > 0) {
            spaced = true;
            return false;
        }
        flush();
        return true;
    }

    private void endLine() {
        if (!block.isEmpty() && block.charAt(block.length() - 1) != '\n') {
            block.append('\n');
            lineEnded = true;
        }
    }

    private void flush() {
        String words = kind == Kind.CODE
                ? withoutEmptyStart(block.toString())
                : EMPTY_LINES.matcher(block).replaceAll("\n\n");
        words = words.stripTrailing();
        int letters = Letters.count(words);
        int ofLinks = linkLetters;
        block.setLength(0);
        linkLetters = 0;
        spaced = false;
        lineEnded = false;
        if (letters == 0) {
            return;
        }
        if (kind == Kind.HEADING && letters > LONGEST_HEADING && Sentences.ends(words)) {
            kind = Kind.PARAGRAPH;
        }
        if (kind == Kind.HEADING) {
            headings.removeIf(heading -> heading.level() >= level);
            headings.add(new TextBlock(kind, words, letters, ofLinks, level, wanted > 0));
            kind = Kind.PARAGRAPH;
        } else if (ofLinks <= MOST_LINKS * letters && !isRepeat(words, letters)) {
            blocks.addAll(headings);
            headings.clear();
            blocks.add(new TextBlock(kind, mark + words, letters, ofLinks, 0, wanted > 0));
            mark = "";
        }
    }

    private boolean isRepeat(String words, int letters) {
        return kind == Kind.PARAGRAPH && letters >= SHORTEST_REPEAT && !longParagraphs.add(words);
    }

    /** The indentation of the first line counts, lines before it do not. */
    private static String withoutEmptyStart(String words) {
        int first = 0;
        while (first < words.length() && Letters.isSpace(words.charAt(first))) {
            first++;
        }
        return words.substring(words.lastIndexOf('\n', first) + 1);
    }

    /** Returns all of it. */
    String end() {
        flush();
        StringBuilder text = new StringBuilder();
        Kind before = Kind.PARAGRAPH;
        for (TextBlock written : ProseFrame.trim(blocks)) {
            if (!text.isEmpty()) {
                text.append(written.kind() == Kind.LINE && before == Kind.LINE ? "\n" : "\n\n");
            }
            text.append(written.words());
            before = written.kind();
        }
        return text.toString();
    }
}
