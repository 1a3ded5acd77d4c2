package org.bandpass.eval;

import org.bandpass.languagemodel.LikelihoodModel;

/** The model of a run with its own tokenizer. One thread at a time. */
interface RunModel extends AutoCloseable {

    LikelihoodModel likelihood();

    /** Returns the id that a text's first token is predicted after. */
    int contextToken();

    /** Revision of the tokenizer. */
    String tokenizerRevision();

    /** Returns the ids of a text without special tokens. */
    int[] encode(String text);

    /** Returns the UTF-8 bytes that the first tokens of a text cover. */
    long bytesOf(String text, int tokens);

    @Override
    void close();
}
