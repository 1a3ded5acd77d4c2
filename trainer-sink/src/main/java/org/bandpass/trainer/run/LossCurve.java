package org.bandpass.trainer.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Loss of each step, nats per token, oldest first. */
final class LossCurve {

    /** Means that a record of the run has at most. */
    private static final int MOST_SHARES = 100;

    private double[] losses;
    private int steps;

    /** Begins with the losses of the steps that were made before. */
    LossCurve(double... losses) {
        this.losses = losses.clone();
        this.steps = losses.length;
    }

    void add(double loss) {
        if (steps == losses.length) {
            losses = Arrays.copyOf(losses, Math.max(1024, Math.multiplyExact(steps, 2)));
        }
        losses[steps++] = loss;
    }

    int steps() {
        return steps;
    }

    /** Returns the loss of the last step, NaN before the first. */
    double last() {
        return steps == 0 ? Double.NaN : losses[steps - 1];
    }

    double[] toArray() {
        return Arrays.copyOf(losses, steps);
    }

    /** Returns the means over a hundred equal shares of the steps, or one for each step where there are fewer. */
    List<Double> means() {
        int shares = Math.min(MOST_SHARES, steps);
        List<Double> means = new ArrayList<>();
        for (long share = 0; share < shares; share++) {
            int from = (int) (share * steps / shares);
            int to = (int) ((share + 1) * steps / shares);
            means.add(Arrays.stream(losses, from, to).average().orElseThrow());
        }
        return means;
    }
}
