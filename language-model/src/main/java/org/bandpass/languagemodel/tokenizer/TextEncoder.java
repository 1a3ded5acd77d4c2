package org.bandpass.languagemodel.tokenizer;

/** Turns texts into tokens. Thread-safe. */
interface TextEncoder extends AutoCloseable {

    /** Returns the ids alone, under the same conditions. */
    default int[] ids(String text) {
        return encode(text).ids();
    }

    /**
     * Encodes a text without half surrogate pairs.
     *
     * @throws TokenizerFailedException if the tokenizer fails on this text
     */
    EncodedText encode(String text);

    @Override
    void close();
}
