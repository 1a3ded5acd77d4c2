package org.bandpass.eval.gauntlet;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Turns the strings of a prompt into ids. Preamble, context and continuation are encoded apart and their ids joined, never
 * the text, as the original does; a token that spans a seam cannot occur.
 */
final class PromptTokens {

    /** Longest prompt with continuation of the original, in tokens. */
    static final int PAPER_LONGEST = 2048;

    private final GauntletModel model;
    private final int longest;
    private final boolean prefixSpace;

    PromptTokens(GauntletModel model) {
        this.model = model;
        this.longest = longest(model);
        this.prefixSpace = prefixSpace(model);
    }

    /** Returns the most tokens of prompt and continuation together: the original's, or the model's context. */
    static int longest(GauntletModel model) {
        return Math.min(PAPER_LONGEST, model.continuations().contextLength());
    }

    /**
     * Returns whether a continuation needs a space in front: the tokenizer has words with their space (" a" is one
     * token). Otherwise the space is a token of its own, or the tokenizer adds it.
     */
    static boolean prefixSpace(GauntletModel model) {
        return model.encode(" a").length == 1;
    }

    int longest() {
        return longest;
    }

    boolean prefixSpace() {
        return prefixSpace;
    }

    int[] encode(String text) {
        return model.encode(text);
    }

    /** Returns the ids of a preamble, behind the special token that the tokenizer puts first. */
    Preamble preamble(String text) {
        int[] ids = model.encode(text);
        Integer begin = model.beginOfText();
        int[] whole = begin == null ? ids : joined(new int[] {begin}, ids);
        return new Preamble(text, whole, whole.length - ids.length);
    }

    /**
     * Ids of a preamble.
     *
     * @param special ids of special tokens in front
     */
    record Preamble(String text, int[] ids, int special) {}

    /**
     * A preamble with a context.
     *
     * @param ids of both
     */
    record Context(Preamble preamble, int[] ids) {

        /** Returns the last ids, as many as there is room for. */
        int[] last(int room) {
            return room >= ids.length ? ids : Arrays.copyOfRange(ids, ids.length - Math.max(0, room), ids.length);
        }

        /** Returns how many ids are cut from the beginning. */
        int cut(int room) {
            return Math.max(0, ids.length - Math.max(0, room));
        }
    }

    Context context(Preamble preamble, String context) {
        return new Context(preamble, joined(preamble.ids(), model.encode(context)));
    }

    /**
     * Returns how many examples of a preamble lose tokens when so many ids are cut; an example may be lost in part.
     *
     * @param starts index of each example's first character
     */
    int shotsLost(Preamble preamble, int cut, List<Integer> starts) {
        int tokens = Math.min(cut, preamble.ids().length) - preamble.special();
        if (tokens <= 0) {
            return 0;
        }
        long lost = model.bytesOf(preamble.text(), tokens);
        return (int) starts.stream()
                .filter(start -> bytes(preamble.text().substring(0, start)) < lost)
                .count();
    }

    /** Returns the UTF-8 bytes of a text. */
    static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static int[] joined(int[] first, int[] second) {
        int[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
