package org.bandpass.languagemodel.file;

/** A mismatch in the files of a model or tokenizer. The message says where it is, what was expected and what was found. */
public final class ModelFormatException extends IllegalArgumentException {

    public ModelFormatException(String message) {
        super(message);
    }

    public ModelFormatException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Returns an error in the usual words. */
    public static ModelFormatException expected(String where, Object expected, Object found) {
        return new ModelFormatException(where + ": expected " + expected + ", found " + found);
    }
}
