package org.bandpass.eval.figures;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.bandpass.eval.profile.Profile;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.schemas.EvaluationRow;
import org.jspecify.annotations.Nullable;

/**
 * Compares two evaluations in the same profile row by row: rows are drawn again with replacement within each task, and
 * within each category of a task that is split, and every mean is computed anew.
 *
 * <p>Each stratum's deviation from its mean is scaled by √(n/(n−1)), which makes the variance unbiased for small strata
 * (Rao and Wu 1988). Categories of one row form one stratum together, and a single one takes the deviations of the others'
 * rows. The same seed gives the same numbers, whatever other
 * tasks there are.
 *
 * @param tasks by key, in the order of the profile; only those with common rows of the same version
 * @param categories by name, those with such a task
 * @param average null without such a task
 */
public record PairedBootstrap(
        Map<String, Difference> tasks,
        SortedMap<String, Difference> categories,
        @Nullable Difference average) {

    private static final int RESAMPLES = 1000;

    /** Differences of correctness by stratum, and how much the mean of each weighs. */
    private record Strata(List<double[]> differences, List<Double> means, List<Double> weights, int rows) {

        /** Returns a scaled deviation of a row from the mean of its stratum, one of all strata of two rows or more. */
        private double deviation(SplittableRandom random) {
            int all = differences.stream()
                    .mapToInt(values -> values.length < 2 ? 0 : values.length)
                    .sum();
            int at = all == 0 ? 0 : random.nextInt(all);
            for (int s = 0; s < differences.size(); s++) {
                int n = differences.get(s).length;
                if (n > 1 && at < n) {
                    return Math.sqrt(n / (n - 1.0)) * (differences.get(s)[at] - means.get(s));
                }
                at -= n > 1 ? n : 0;
            }
            return 0;
        }

        double mean() {
            double mean = 0;
            for (int s = 0; s < differences.size(); s++) {
                mean += weights.get(s)
                        * Arrays.stream(differences.get(s)).average().orElseThrow();
            }
            return mean;
        }

        double resampled(SplittableRandom random) {
            double mean = 0;
            for (int s = 0; s < differences.size(); s++) {
                double[] values = differences.get(s);
                int n = values.length;
                double own = means.get(s);
                if (n == 1) {
                    mean += weights.get(s) * (own + deviation(random));
                    continue;
                }
                double drawn = 0;
                for (int i = 0; i < n; i++) {
                    drawn += values[random.nextInt(n)];
                }
                double scale = Math.sqrt(n / (n - 1.0));
                mean += weights.get(s) * (own + scale * (drawn / n - own));
            }
            return mean;
        }
    }

    /** Compares a run with its control; both by key of the task. */
    public static PairedBootstrap of(
            Profile profile, Map<String, ScoredTask> run, Map<String, ScoredTask> control, long seed) {
        List<ProfileTask> all = profile.tasks();
        double[] observed = new double[all.size()];
        double[][] resamples = new double[RESAMPLES][all.size()];
        Map<String, Integer> rows = new LinkedHashMap<>();
        for (int t = 0; t < observed.length; t++) {
            ProfileTask task = all.get(t);
            Strata strata = strata(run.get(task.key()), control.get(task.key()));
            if (strata != null) {
                double scale = 1 / (1 - task.baseline());
                SplittableRandom random =
                        new SplittableRandom(seed * 31 + task.key().hashCode());
                observed[t] = scale * strata.mean();
                for (double[] resample : resamples) {
                    resample[t] = scale * strata.resampled(random);
                }
                rows.put(task.key(), strata.rows());
            }
        }
        return of(profile, observed, resamples, rows, run);
    }

    private static PairedBootstrap of(
            Profile profile,
            double[] observed,
            double[][] resamples,
            Map<String, Integer> rows,
            Map<String, ScoredTask> run) {
        AverageWeights weights = AverageWeights.of(profile, task -> {
            ScoredTask scored = run.get(task.key());
            return scored == null || !rows.containsKey(task.key()) || !scored.counts() ? 0 : scored.taskRows();
        });
        Map<String, Difference> tasks = new LinkedHashMap<>();
        for (int t = 0; t < observed.length; t++) {
            String key = profile.tasks().get(t).key();
            if (rows.containsKey(key)) {
                double[] only = new double[observed.length];
                only[t] = 1;
                tasks.put(key, difference(only, observed, resamples, rows.get(key), List.of()));
            }
        }
        SortedMap<String, Difference> categories = new TreeMap<>();
        weights.categories().forEach((category, weight) -> {
            Predicate<ProfileTask> member = task -> task.category().equals(category);
            categories.put(category, difference(profile, weight, observed, resamples, rows, member));
        });
        boolean any = Arrays.stream(weights.average()).sum() > 0;
        return new PairedBootstrap(
                tasks,
                categories,
                any ? difference(profile, weights.average(), observed, resamples, rows, task -> true) : null);
    }

    private static Difference difference(
            Profile profile,
            double[] weights,
            double[] observed,
            double[][] resamples,
            Map<String, Integer> rows,
            Predicate<ProfileTask> member) {
        List<String> absent = new ArrayList<>();
        long pairs = 0;
        for (int t = 0; t < weights.length; t++) {
            ProfileTask task = profile.tasks().get(t);
            if (weights[t] > 0) {
                pairs += rows.getOrDefault(task.key(), 0);
            } else if (member.test(task)) {
                absent.add(task.key());
            }
        }
        return difference(weights, observed, resamples, pairs, absent);
    }

    private static Difference difference(
            double[] weights, double[] observed, double[][] resamples, long rows, List<String> absent) {
        double[] means = Arrays.stream(resamples)
                .mapToDouble(resample -> AverageWeights.mean(weights, resample))
                .toArray();
        return Difference.of(rows, AverageWeights.mean(weights, observed), means, absent);
    }

    /** Returns the differences of the rows that both have, or null if there are none of the same version. */
    private static @Nullable Strata strata(@Nullable ScoredTask run, @Nullable ScoredTask control) {
        if (run == null || control == null || !run.version().equals(control.version())) {
            return null;
        }
        Map<String, Double> other = new HashMap<>();
        control.rows().forEach(row -> other.put(row.getId(), row.getCorrect()));
        List<double[]> strata = new ArrayList<>();
        List<Double> singles = new ArrayList<>();
        int rows = 0;
        for (List<EvaluationRow> group : TaskFigures.groups(run).values()) {
            double[] differences = group.stream()
                    .map(row -> difference(row.getCorrect(), other.get(row.getId())))
                    .filter(Objects::nonNull)
                    .mapToDouble(Double::doubleValue)
                    .toArray();
            rows += differences.length;
            if (differences.length == 1) {
                singles.add(differences[0]);
            } else if (differences.length > 1) {
                strata.add(differences);
            }
        }
        int groups = strata.size() + singles.size();
        List<Double> weights = new ArrayList<>();
        strata.forEach(stratum -> weights.add(1.0 / groups));
        if (!singles.isEmpty()) {
            strata.add(singles.stream().mapToDouble(Double::doubleValue).toArray());
            weights.add(singles.size() / (double) groups);
        }
        List<Double> means = strata.stream()
                .map(values -> Arrays.stream(values).average().orElseThrow())
                .toList();
        return rows == 0 ? null : new Strata(strata, means, weights, rows);
    }

    private static @Nullable Double difference(@Nullable Double run, @Nullable Double control) {
        return run == null || control == null ? null : run - control;
    }
}
