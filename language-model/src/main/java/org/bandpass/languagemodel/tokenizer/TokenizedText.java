package org.bandpass.languagemodel.tokenizer;

/**
 * The tokens of a text, and the bytes that each stands for.
 *
 * @param ids token ids, without special tokens
 * @param ends by token, UTF-8 bytes of the text from its start to the end of the token; never decreasing, the last is
 *     the length of the text. Tokens that share a character all end after it
 */
public record TokenizedText(int[] ids, int[] ends) {

    /** Returns the UTF-8 bytes that tokens {@code from} to {@code to}, exclusive, stand for; neighbours add up. */
    public int bytes(int from, int to) {
        return to == from ? 0 : ends[to - 1] - (from == 0 ? 0 : ends[from - 1]);
    }
}
