package org.bandpass.cli;

/**
 * How much text there is.
 *
 * @param documents number of documents
 * @param tokens scored tokens, in the reference model's tokenizer
 * @param bytes UTF-8 bytes of the texts
 */
record ResultsAmount(long documents, long tokens, long bytes) {

    static final ResultsAmount NONE = new ResultsAmount(0, 0, 0);

    ResultsAmount plus(ResultsAmount other) {
        return new ResultsAmount(documents + other.documents, tokens + other.tokens, bytes + other.bytes);
    }
}
