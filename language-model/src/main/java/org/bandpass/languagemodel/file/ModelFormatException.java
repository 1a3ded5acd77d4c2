package org.bandpass.languagemodel.file;

/** Says what in a model's or tokenizer's files does not fit: where, what was expected, what was found. */
public final class ModelFormatException extends IllegalArgumentException {

    public ModelFormatException(String message) {
        super(message);
    }

    public ModelFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
