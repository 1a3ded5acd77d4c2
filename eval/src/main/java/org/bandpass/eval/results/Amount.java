package org.bandpass.eval.results;

/** An amount of text: documents, scored tokens of the reference model's tokenizer, UTF-8 bytes. */
public record Amount(long documents, long tokens, long bytes) {

    public static final Amount NONE = new Amount(0, 0, 0);

    Amount times(double scale) {
        return new Amount(Math.round(documents * scale), Math.round(tokens * scale), Math.round(bytes * scale));
    }

    Amount plus(Amount other) {
        return new Amount(documents + other.documents, tokens + other.tokens, bytes + other.bytes);
    }
}
