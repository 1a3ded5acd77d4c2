package org.bandpass.eval.gauntlet;

import org.bandpass.languagemodel.ContinuationModel;
import org.jspecify.annotations.Nullable;

/** A model with its own tokenizer, as the gauntlet needs them. One thread at a time. */
public interface GauntletModel {

    ContinuationModel continuations();

    /** Returns the ids of a text without special tokens. */
    int[] encode(String text);

    /** Returns the text of ids without special tokens; an incomplete character becomes U+FFFD. */
    String decode(int[] ids);

    /** Returns the special token that the tokenizer itself puts in front of a text, or null where it puts none. */
    @Nullable
    Integer beginOfText();

    /** Returns the token that ends a text, or null where the tokenizer has none. */
    @Nullable
    Integer endOfText();

    /** Returns the UTF-8 bytes that the first tokens of a text cover. */
    long bytesOf(String text, int tokens);
}
