package org.bandpass.eval.figures;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bandpass.schemas.EvaluationResult;
import org.bandpass.schemas.EvaluationRow;
import org.jspecify.annotations.Nullable;

/**
 * The contents of {@code evaluations} by run, task and group of rows, without the tasks of profiles.
 *
 * <p>Where a run was evaluated again, with another model or by another version of a task, only the version written
 * last counts; the records have to come in the order in which they were written.
 */
public record EvaluationSummary(SortedMap<String, Run> runs) {

    /** Task that measures the likelihood of held-out documents; it has no answers. */
    public static final String HELD_OUT = "held-out";

    /** Task that asks for the true order of three words of a held-out document, of two orders. */
    public static final String CLOZE = "cloze";

    /** Summarises records, for example the values of {@link org.bandpass.schemas.CompactedTopic#read}. */
    public static EvaluationSummary of(Collection<EvaluationResult> results) {
        SortedMap<String, SortedMap<String, List<EvaluationResult>>> latest = new TreeMap<>();
        for (EvaluationResult result : results) {
            if (!result.getProfile().isEmpty()) {
                continue;
            }
            List<EvaluationResult> ranges = latest.computeIfAbsent(result.getRunId(), run -> new TreeMap<>())
                    .computeIfAbsent(result.getTask(), task -> new ArrayList<>());
            if (!ranges.isEmpty() && !sameEvaluation(ranges.get(0), result)) {
                ranges.clear();
            }
            ranges.add(result);
        }
        SortedMap<String, Run> runs = new TreeMap<>();
        latest.forEach((run, tasks) -> {
            SortedMap<String, Task> summaries = new TreeMap<>();
            tasks.forEach((task, ranges) -> summaries.put(task, Task.of(ranges)));
            runs.put(run, new Run(summaries));
        });
        return new EvaluationSummary(runs);
    }

    private static boolean sameEvaluation(EvaluationResult a, EvaluationResult b) {
        return a.getModelRevision().equals(b.getModelRevision())
                && a.getTaskVersion().equals(b.getTaskVersion())
                && a.getTaskRows() == b.getTaskRows();
    }

    /** Returns a run's tasks; none where it was not evaluated. */
    public Run run(String run) {
        return runs.getOrDefault(run, new Run(new TreeMap<>()));
    }

    /** Returns a task of a run, or null where the run was not evaluated on it. */
    public @Nullable Task task(String run, String task) {
        return run(run).tasks().get(task);
    }

    /** All tasks of one run. */
    public record Run(SortedMap<String, Task> tasks) {

        /**
         * Returns normalised accuracy by category: the unweighted mean over the category's tasks, as in the paper
         * (arXiv 2405.20541, section 3; not clamped, it may be negative). Tasks without answers do not count.
         */
        public SortedMap<String, Double> categories() {
            SortedMap<String, DoubleSummaryStatistics> byCategory = new TreeMap<>();
            for (Task task : tasks.values()) {
                Double normalised = task.all().normalisedAccuracy();
                if (normalised != null) {
                    byCategory
                            .computeIfAbsent(task.category(), category -> new DoubleSummaryStatistics())
                            .accept(normalised);
                }
            }
            SortedMap<String, Double> categories = new TreeMap<>();
            byCategory.forEach((category, values) -> categories.put(category, values.getAverage()));
            return categories;
        }

        /** Returns the unweighted mean of the categories, or null where no task has answers. */
        public @Nullable Double average() {
            DoubleSummaryStatistics categories = new DoubleSummaryStatistics();
            categories().values().forEach(categories::accept);
            return categories.getCount() == 0 ? null : categories.getAverage();
        }
    }

    /**
     * One task of one run.
     *
     * @param chance accuracy of guessing, 0 where there is none
     * @param taskRows rows of the whole task; more than there are rows where records are missing
     * @param leftOut groups too small for a question, with their number of documents
     * @param rows by row id, in the order of the task
     */
    public record Task(
            String name,
            String version,
            String modelRevision,
            double chance,
            int taskRows,
            SortedMap<String, Integer> leftOut,
            Map<String, EvaluationRow> rows) {

        private static Task of(List<EvaluationResult> ranges) {
            Map<String, EvaluationRow> rows = new LinkedHashMap<>();
            ranges.stream()
                    .sorted(Comparator.comparingInt(EvaluationResult::getFromRow))
                    .forEach(range -> range.getRows().forEach(row -> rows.put(row.getId(), row)));
            EvaluationResult any = ranges.get(ranges.size() - 1);
            return new Task(
                    any.getTask(),
                    any.getTaskVersion(),
                    any.getModelRevision(),
                    any.getChance(),
                    any.getTaskRows(),
                    new TreeMap<>(any.getLeftOut()),
                    rows);
        }

        /** Returns whether every row of the task is here. */
        public boolean complete() {
            return rows.size() == taskRows;
        }

        /** Returns whether scores of two runs mean the same: same task, same version. */
        public boolean comparableWith(Task other) {
            return name.equals(other.name) && version.equals(other.version);
        }

        public RowFigures all() {
            return RowFigures.of(rows.values(), chance);
        }

        /** Returns the figures by group: domain of the row, or category of the task. */
        public SortedMap<String, RowFigures> groups() {
            return rows.values().stream()
                    .collect(Collectors.groupingBy(
                            EvaluationRow::getGroup,
                            TreeMap::new,
                            Collectors.collectingAndThen(
                                    Collectors.toList(), members -> RowFigures.of(members, chance))));
        }

        /**
         * Returns the category that the task counts in: that of its rows where all have the same, its own name where
         * its rows are grouped by domain.
         */
        public String category() {
            if (name.equals(CLOZE) || name.equals(HELD_OUT)) {
                return name;
            }
            List<String> groups = rows.values().stream()
                    .map(EvaluationRow::getGroup)
                    .distinct()
                    .limit(2)
                    .toList();
            return groups.size() == 1 ? groups.get(0) : name;
        }
    }
}
