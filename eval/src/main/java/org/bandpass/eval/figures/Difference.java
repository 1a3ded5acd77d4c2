package org.bandpass.eval.figures;

import java.util.Arrays;
import java.util.List;

/**
 * A difference of normalised scores between a run and its control, over the rows that both have.
 *
 * @param rows pairs of rows that it rests on
 * @param difference run − control
 * @param standardError standard deviation over the resamples
 * @param low lower bound of the 95 % interval
 * @param high upper bound of the 95 % interval
 * @param absent tasks of a mean without a part in it; empty for a single task
 */
public record Difference(
        long rows, double difference, double standardError, double low, double high, List<String> absent) {

    private static final double TAIL = 0.025;

    static Difference of(long rows, double difference, double[] resamples, List<String> absent) {
        double[] sorted = resamples.clone();
        Arrays.sort(sorted);
        double mean = Arrays.stream(sorted).average().orElse(difference);
        double squares = Arrays.stream(sorted)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return new Difference(
                rows,
                difference,
                Math.sqrt(squares / (sorted.length - 1)),
                quantile(sorted, TAIL),
                quantile(sorted, 1 - TAIL),
                absent);
    }

    private static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(sorted.length - 1, below + 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    /** Returns whether the interval contains no difference at all: the rows cannot tell the two apart. */
    public boolean withinNoise() {
        return low <= 0 && high >= 0;
    }

    public boolean partial() {
        return !absent.isEmpty();
    }
}
