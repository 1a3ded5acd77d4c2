package org.bandpass.languagemodel.tokenizer;

/** The tokenizer fails on one text; it still works for others. The message does not quote the text. */
public final class TokenizerFailedException extends RuntimeException {

    public TokenizerFailedException(String message) {
        super(message);
    }
}
