package org.bandpass.sources.page;

import java.util.ArrayList;
import java.util.List;
import org.bandpass.sources.page.TextBlock.Kind;

/**
 * On a page of prose, drops labels before the first and after the last paragraph: dates, names of sections, addresses.
 * (Boilerpipe and jusText also judge such blocks by their neighbours.) Headings above the first paragraph stay, and so do
 * sentences, code, and items and rows that are not mostly links. After the last paragraph a heading stays only if one of
 * these follows.
 */
final class ProseFrame {

    /** A page with less prose is a list or a table. */
    private static final int LEAST_PROSE = 400;

    /** The title is at most this many blocks above the first paragraph. */
    private static final int TITLE_BLOCKS = 12;

    private ProseFrame() {}

    /** Returns the blocks that belong to the text. */
    static List<TextBlock> trim(List<TextBlock> blocks) {
        int all = 0;
        int prose = 0;
        int first = blocks.size();
        int last = -1;
        for (int i = 0; i < blocks.size(); i++) {
            TextBlock block = blocks.get(i);
            all += block.letters();
            if (block.isProse()) {
                prose += block.letters();
                first = Math.min(first, i);
                last = i;
            }
        }
        if (prose < LEAST_PROSE || 2 * prose < all) {
            return blocks;
        }
        return cut(blocks, first, last);
    }

    private static List<TextBlock> cut(List<TextBlock> blocks, int first, int last) {
        int start = start(blocks, first);
        int end = end(blocks, last + 1);
        List<TextBlock> kept = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            TextBlock block = blocks.get(i);
            boolean within = i >= start && i < end && (i >= first || block.isHeading() || isMoreThanLabel(block));
            if (within || block.wanted()) {
                kept.add(block);
            }
        }
        return kept;
    }

    /** Returns where the text begins: at the title, else at what leads to the first paragraph. */
    private static int start(List<TextBlock> blocks, int first) {
        for (int i = first - 1; i >= Math.max(0, first - TITLE_BLOCKS); i--) {
            if (blocks.get(i).level() == 1) {
                return i;
            }
        }
        int start = first;
        while (start > 0 && (blocks.get(start - 1).isHeading() || isMoreThanLabel(blocks.get(start - 1)))) {
            start--;
        }
        return start;
    }

    /** Returns where the text ends: a heading stays only with something below it. */
    private static int end(List<TextBlock> blocks, int from) {
        int end = from;
        for (int i = from; i < blocks.size(); i++) {
            if (isMoreThanLabel(blocks.get(i))) {
                end = i + 1;
            } else if (!blocks.get(i).isHeading()) {
                break;
            }
        }
        return end;
    }

    private static boolean isMoreThanLabel(TextBlock block) {
        return block.kind() == Kind.CODE || block.isSentence() || block.kind() == Kind.LINE && block.hasFewLinks();
    }
}
