package org.bandpass.eval.figures;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.bandpass.eval.profile.Profile;
import org.bandpass.eval.profile.ProfileTask;
import org.jspecify.annotations.Nullable;

/**
 * The scores of a model in a profile.
 *
 * @param tasks in the order of the profile, those that were scored
 * @param categories by name, all of the profile
 * @param average of the profile: the mean of its categories, or of its tasks
 */
public record GauntletFigures(
        Profile profile, List<TaskFigures> tasks, SortedMap<String, MeanScore> categories, MeanScore average) {

    /**
     * Computes the figures. A task that was not scored, or whose data file is altered or missing, has no part in a mean,
     * which says so.
     *
     * @param profile the whole one, even where some of its tasks were left out
     * @param scored by key of the task; those of other profiles are ignored
     */
    public static GauntletFigures of(Profile profile, Map<String, ScoredTask> scored) {
        Map<String, TaskFigures> figures = new TreeMap<>();
        for (ProfileTask task : profile.tasks()) {
            ScoredTask rows = scored.get(task.key());
            if (rows != null) {
                figures.put(task.key(), TaskFigures.of(rows));
            }
        }
        AverageWeights weights = AverageWeights.of(profile, task -> {
            ScoredTask rows = scored.get(task.key());
            return rows == null || !rows.counts() ? 0 : rows.taskRows();
        });
        SortedMap<String, MeanScore> categories = new TreeMap<>();
        for (ProfileTask task : profile.tasks()) {
            categories.computeIfAbsent(
                    task.category(),
                    category -> mean(
                            profile,
                            figures,
                            weights.categories().getOrDefault(category, new double[0]),
                            other -> other.category().equals(category)));
        }
        return new GauntletFigures(
                profile,
                profile.tasks().stream()
                        .map(task -> figures.get(task.key()))
                        .filter(Objects::nonNull)
                        .toList(),
                categories,
                mean(profile, figures, weights.average(), task -> true));
    }

    private static MeanScore mean(
            Profile profile, Map<String, TaskFigures> figures, double[] weights, Predicate<ProfileTask> belongs) {
        List<ProfileTask> members = profile.tasks().stream().filter(belongs).toList();
        List<String> absent = members.stream()
                .filter(task -> absence(figures.get(task.key())) != null)
                .map(task -> task.key() + " (" + absence(figures.get(task.key())) + ")")
                .toList();
        if (absent.size() == members.size()) {
            return new MeanScore(null, null, null, members.size(), absent);
        }
        double error = AverageWeights.error(weights, values(profile, figures, TaskFigures::normalisedError));
        return new MeanScore(
                AverageWeights.mean(weights, values(profile, figures, TaskFigures::normalised)),
                Double.isNaN(error) ? null : error,
                AverageWeights.mean(weights, values(profile, figures, TaskFigures::accuracy)),
                members.size(),
                absent);
    }

    /** Returns why a task has no part in a mean, or null if it has one. */
    private static @Nullable String absence(@Nullable TaskFigures figures) {
        if (figures == null) {
            return "not scored";
        }
        ScoredTask scored = figures.scored();
        return scored.counts()
                ? null
                : scored.state().complete() ? "no rows" : scored.state().word();
    }

    private static double[] values(
            Profile profile, Map<String, TaskFigures> figures, Function<TaskFigures, @Nullable Double> value) {
        return profile.tasks().stream()
                .mapToDouble(task -> {
                    TaskFigures of = figures.get(task.key());
                    Double found = of == null ? null : value.apply(of);
                    return found == null ? Double.NaN : found;
                })
                .toArray();
    }

    /** Returns whether some tasks were scored on some of their rows only. */
    public boolean sampled() {
        return tasks.stream().anyMatch(TaskFigures::sampled);
    }
}
