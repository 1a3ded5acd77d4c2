package org.bandpass.languagemodel.tokenizer;

/** Makes tokens of texts. Thread-safe. */
interface TextEncoder extends AutoCloseable {

    /**
     * Returns the ids alone, of a text without half surrogate pairs.
     *
     * @throws TokenizerFailedException if the tokenizer can make nothing of this text
     */
    default int[] ids(String text) {
        return encode(text).ids();
    }

    /**
     * Encodes a text without half surrogate pairs.
     *
     * @throws TokenizerFailedException if the tokenizer can make nothing of this text
     */
    EncodedText encode(String text);

    @Override
    void close();
}
