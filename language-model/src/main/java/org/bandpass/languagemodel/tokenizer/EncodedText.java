package org.bandpass.languagemodel.tokenizer;

/**
 * A tokenizer's result for a text.
 *
 * @param ids token ids, without special tokens
 * @param ends by token, code points of the text from its start to the token's end; 0 for a token that stands for no text
 */
record EncodedText(int[] ids, int[] ends) {}
