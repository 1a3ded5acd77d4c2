package org.bandpass.languagemodel.tokenizer;

/** Makes tokens of texts. Thread-safe. */
interface TextEncoder extends AutoCloseable {

    /**
     * Encodes a text without half surrogate pairs.
     *
     * @throws TokenizerFailedException if the tokenizer can make nothing of this text
     */
    EncodedText encode(String text);

    @Override
    void close();
}
