package org.bandpass.eval.results;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A figure of one arm over several seeds, and its difference to the control, paired by seed: both models of a seed begin
 * with the same weights. docs/results.md explains the components.
 *
 * @param difference mean of figure(run) − figure(control); null for the control
 * @param differenceStandardError standard deviation of these differences / √seeds
 */
public record SeedSpread(
        int seeds,
        double mean,
        double standardDeviation,
        @Nullable Double difference,
        @Nullable Double differenceStandardError) {

    /** Student's t for a two-sided 95 % interval, by degrees of freedom from 1 on; later ones take the last. */
    private static final double[] T = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262};

    /** Returns the spread over the seeds that both have, or null where those are fewer than two. */
    static @Nullable SeedSpread of(SortedMap<Long, Double> run, @Nullable SortedMap<Long, Double> control) {
        SortedMap<Long, Double> figures = new TreeMap<>(run);
        if (control != null) {
            figures.keySet().retainAll(new TreeSet<>(control.keySet()));
        }
        if (figures.size() < 2) {
            return null;
        }
        List<Double> own = List.copyOf(figures.values());
        double deviation = deviation(own);
        if (control == null) {
            return new SeedSpread(own.size(), mean(own), deviation, null, null);
        }
        List<Double> differences = figures.entrySet().stream()
                .map(entry -> entry.getValue() - control.getOrDefault(entry.getKey(), Double.NaN))
                .toList();
        double error = deviation(differences) / Math.sqrt(differences.size());
        return new SeedSpread(own.size(), mean(own), deviation, mean(differences), error);
    }

    /** Returns whether a 95 % interval of the difference, by Student's t over the seeds, leaves out zero. */
    @JsonIgnore
    public boolean isBeyondNoise() {
        double quantile = T[Math.min(seeds - 2, T.length - 1)];
        return difference != null
                && differenceStandardError != null
                && Math.abs(difference) > quantile * differenceStandardError;
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(value -> value).sum() / values.size();
    }

    private static double deviation(List<Double> values) {
        double mean = mean(values);
        double squares = values.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
        return Math.sqrt(squares / (values.size() - 1));
    }
}
