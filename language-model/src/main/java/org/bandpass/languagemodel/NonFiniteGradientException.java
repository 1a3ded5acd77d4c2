package org.bandpass.languagemodel;

/** A step was skipped because its gradient is infinite or not a number. */
public final class NonFiniteGradientException extends ArithmeticException {
    private final long step;
    private final double norm;

    NonFiniteGradientException(long step, double norm) {
        super("the gradient's norm is " + norm + " in step " + step + "; the step was not taken");
        this.step = step;
        this.norm = norm;
    }

    /** The step, from 1, that was not taken. */
    public long step() {
        return step;
    }

    /** The gradient's norm before clipping: infinite or not a number. */
    public double norm() {
        return norm;
    }
}
