package org.bandpass.eval.gauntlet;

/** A model gave a likelihood that is no finite number: its training diverged, or the device computes wrongly. */
public final class NotFiniteException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotFiniteException(String task, int row) {
        super("the model gives a likelihood that is no finite number at row " + row + " of " + task);
    }
}
