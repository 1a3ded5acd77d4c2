package org.bandpass.eval.figures;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.bandpass.eval.profile.Averaging;
import org.bandpass.eval.profile.Profile;
import org.bandpass.eval.profile.ProfileTask;

/**
 * How much each task of a profile weighs in the means: both the mean of a category and the average are sums of scores times
 * weights, so that errors follow from the weights, too.
 *
 * @param categories weights of the tasks, in the order of the profile, in each category with a task that counts
 * @param average weights of the tasks in the average; all 0 where none counts
 */
record AverageWeights(SortedMap<String, double[]> categories, double[] average) {

    /**
     * Returns the weights.
     *
     * @param rows of each task that counts; 0 for those that do not
     */
    static AverageWeights of(Profile profile, ToIntFunction<ProfileTask> rows) {
        List<ProfileTask> tasks = profile.tasks();
        double[] weights = new double[tasks.size()];
        for (int t = 0; t < weights.length; t++) {
            int count = rows.applyAsInt(tasks.get(t));
            weights[t] = count == 0 ? 0 : profile.weighting().weight(count);
        }
        SortedMap<String, double[]> categories = new TreeMap<>();
        for (int t = 0; t < weights.length; t++) {
            if (weights[t] > 0) {
                categories.computeIfAbsent(tasks.get(t).category(), category -> new double[weights.length])[t] =
                        weights[t];
            }
        }
        categories.values().forEach(AverageWeights::scale);
        double[] average = weights.clone();
        if (profile.averaging() == Averaging.CATEGORIES) {
            Arrays.fill(average, 0);
            for (double[] category : categories.values()) {
                Arrays.setAll(average, t -> average[t] + category[t]);
            }
        }
        scale(average);
        return new AverageWeights(categories, average);
    }

    private static void scale(double[] weights) {
        double sum = Arrays.stream(weights).sum();
        if (sum > 0) {
            Arrays.setAll(weights, t -> weights[t] / sum);
        }
    }

    /** Returns Σ wᵢ·xᵢ over the tasks that weigh something. */
    static double mean(double[] weights, double[] values) {
        double sum = 0;
        for (int t = 0; t < weights.length; t++) {
            sum += weights[t] == 0 ? 0 : weights[t] * values[t];
        }
        return sum;
    }

    /** Returns √Σ (wᵢ·sᵢ)²: the tasks are independent. */
    static double error(double[] weights, double[] errors) {
        double sum = 0;
        for (int t = 0; t < weights.length; t++) {
            double error = weights[t] == 0 ? 0 : weights[t] * errors[t];
            sum += error * error;
        }
        return Math.sqrt(sum);
    }
}
