package org.bandpass.eval.results;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bandpass.eval.figures.ScoredTask;
import org.bandpass.eval.profile.DataState;
import org.bandpass.eval.profile.Profile;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.schemas.EvaluationResult;
import org.bandpass.schemas.EvaluationRow;

/**
 * The records of one profile at one limit, by run, step and task. Where a task was scored again in another way, only the
 * records written last count.
 */
record GauntletRecords(Map<String, SortedMap<Long, Map<String, List<EvaluationResult>>>> runs) {

    /** A profile in one version, whole or a subset of its rows. */
    record Suite(String profile, String version, int limit) implements Comparable<Suite> {

        private static final Comparator<Suite> ORDER = Comparator.comparing(Suite::profile)
                .thenComparing(Suite::version)
                .thenComparingInt(suite -> suite.limit() == 0 ? Integer.MIN_VALUE : -suite.limit());

        @Override
        public int compareTo(Suite other) {
            return ORDER.compare(this, other);
        }
    }

    /** Groups records, which have to come in the order in which they were written. */
    static SortedMap<Suite, GauntletRecords> of(Collection<EvaluationResult> results) {
        SortedMap<Suite, GauntletRecords> suites = new TreeMap<>();
        for (EvaluationResult result : results) {
            if (!result.getProfile().isEmpty() && !result.getRows().isEmpty()) {
                Suite suite = new Suite(result.getProfile(), result.getProfileVersion(), result.getLimit());
                suites.computeIfAbsent(suite, key -> new GauntletRecords(new TreeMap<>()))
                        .add(result);
            }
        }
        return suites;
    }

    private void add(EvaluationResult result) {
        List<EvaluationResult> ranges = runs.computeIfAbsent(result.getRunId(), run -> new TreeMap<>())
                .computeIfAbsent(result.getStep(), step -> new LinkedHashMap<>())
                .computeIfAbsent(result.getTask(), task -> new ArrayList<>());
        if (!ranges.isEmpty() && !sameEvaluation(ranges.get(0), result)) {
            ranges.clear();
        }
        ranges.add(result);
    }

    private static boolean sameEvaluation(EvaluationResult a, EvaluationResult b) {
        return a.getModelRevision().equals(b.getModelRevision())
                && a.getTaskVersion().equals(b.getTaskVersion())
                && a.getDataHash().equals(b.getDataHash())
                && a.getTaskRows() == b.getTaskRows();
    }

    /** A model at a step, as {@code evaluations} holds it. */
    record Model(Map<String, ScoredTask> tasks, int longestPrompt, List<String> unfinished) {}

    /** Returns the steps of a run that were scored, with the model at each. */
    NavigableMap<Long, Model> models(Profile profile, String run) {
        NavigableMap<Long, Model> models = new TreeMap<>();
        runs.getOrDefault(run, new TreeMap<>()).forEach((step, tasks) -> models.put(step, model(profile, tasks)));
        return models;
    }

    private static Model model(Profile profile, Map<String, List<EvaluationResult>> records) {
        Map<String, ScoredTask> tasks = new LinkedHashMap<>();
        List<String> unfinished = new ArrayList<>();
        int longest = Integer.MAX_VALUE;
        for (ProfileTask task : profile.tasks()) {
            List<EvaluationResult> ranges = records.getOrDefault(task.key(), List.of());
            if (!ranges.isEmpty()) {
                EvaluationResult any = ranges.get(0);
                ScoredTask scored = scored(profile, task, ranges);
                tasks.put(task.key(), scored);
                longest = Math.min(longest, any.getLongestPrompt());
                int wanted = any.getLimit() > 0 ? Math.min(any.getLimit(), any.getTaskRows()) : any.getTaskRows();
                if (scored.rows().size() < wanted) {
                    unfinished.add(String.format(
                            Locale.ROOT,
                            "%s (%,d of %,d rows)",
                            task.key(),
                            scored.rows().size(),
                            wanted));
                }
            }
        }
        return new Model(tasks, longest, unfinished);
    }

    private static ScoredTask scored(Profile profile, ProfileTask task, List<EvaluationResult> ranges) {
        EvaluationResult any = ranges.get(0);
        Map<String, EvaluationRow> rows = new LinkedHashMap<>();
        ranges.stream()
                .sorted(Comparator.comparingInt(EvaluationResult::getFromRow))
                .forEach(range -> range.getRows().forEach(row -> rows.put(row.getId(), row)));
        int all = any.getLimit() > 0 ? Math.max(task.file().rows(), any.getTaskRows()) : any.getTaskRows();
        return new ScoredTask(
                task,
                state(any.getDataState()),
                ScoredTask.version(profile, task, any.getDataHash()),
                all,
                List.copyOf(rows.values()));
    }

    /** A state of a later version is not known to be the original. */
    private static DataState state(String word) {
        for (DataState state : DataState.values()) {
            if (state.word().equals(word)) {
                return state;
            }
        }
        return DataState.ALTERED;
    }
}
