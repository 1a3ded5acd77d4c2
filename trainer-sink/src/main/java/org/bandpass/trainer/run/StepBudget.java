package org.bandpass.trainer.run;

/**
 * The steps of a run and the rows of a step, derived from a number of tokens; equal tokens make equal steps.
 *
 * @param sequenceTokens predicted tokens of a row
 */
record StepBudget(long steps, int rowsPerStep, int sequenceTokens) {

    /** A schedule of fewer steps than this warms up and cools down before the model has learned. */
    private static final long FEW_STEPS = 200;

    /**
     * Divides tokens into steps: the preset's rows, halved until there are enough steps or one row is left.
     *
     * @throws IllegalArgumentException if there are tokens for less than a row
     */
    static StepBudget of(long tokens, int presetRows, int sequenceTokens) {
        if (tokens < sequenceTokens) {
            throw new IllegalArgumentException("a budget of " + tokens
                    + " tokens is less than one row; the smallest step predicts " + sequenceTokens + " tokens");
        }
        int rows = presetRows;
        while (rows > 1 && tokens / ((long) rows * sequenceTokens) < FEW_STEPS) {
            rows /= 2;
        }
        return new StepBudget(tokens / ((long) rows * sequenceTokens), rows, sequenceTokens);
    }

    long tokensPerStep() {
        return (long) rowsPerStep * sequenceTokens;
    }

    long tokens() {
        return steps * tokensPerStep();
    }
}
