package org.bandpass.eval.results;

/**
 * How much text there is.
 *
 * @param documents number of documents
 * @param tokens scored tokens, in the reference model's tokenizer
 * @param bytes UTF-8 bytes of the texts
 */
public record Amount(long documents, long tokens, long bytes) {

    public static final Amount NONE = new Amount(0, 0, 0);

    Amount plus(Amount other) {
        return new Amount(documents + other.documents, tokens + other.tokens, bytes + other.bytes);
    }
}
