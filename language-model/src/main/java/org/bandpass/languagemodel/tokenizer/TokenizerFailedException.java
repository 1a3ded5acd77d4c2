package org.bandpass.languagemodel.tokenizer;

/** Says that the tokenizer fails on one text; others are not concerned. Its message does not quote the text. */
public final class TokenizerFailedException extends RuntimeException {

    public TokenizerFailedException(String message) {
        super(message);
    }
}
