package org.bandpass.eval.results;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bandpass.schemas.EvaluationResult;
import org.bandpass.schemas.EvaluationScore;
import org.jspecify.annotations.Nullable;

/**
 * A score that another harness computed, compared with the control's without pairs, since it has no rows;
 * docs/results.md explains the components.
 */
public record ImportedScore(
        String harness,
        String task,
        String metric,
        double value,
        @Nullable Double standardError,
        long rows,
        @Nullable Double difference,
        @Nullable Double differenceStandardError) {

    /** Returns the imported scores of the compared runs by their names, each run's of its largest step. */
    static Map<String, List<ImportedScore>> of(PlanRuns runs, Collection<EvaluationResult> results) {
        RunResult control = runs.control();
        List<ImportedScore> base =
                control == null ? List.of() : of(control.run().getRunId(), List.of(), results);
        Map<String, List<ImportedScore>> imported = new LinkedHashMap<>();
        for (RunResult run : runs.compared()) {
            imported.put(run.name(), of(run.run().getRunId(), run.equals(control) ? List.of() : base, results));
        }
        return imported;
    }

    /** Returns the imported scores of a run at its largest step, compared with those of its control. */
    static List<ImportedScore> of(String run, List<ImportedScore> control, Collection<EvaluationResult> results) {
        List<EvaluationResult> own = results.stream()
                .filter(result ->
                        result.getRunId().equals(run) && !result.getScores().isEmpty())
                .sorted(Comparator.comparing(EvaluationResult::getTask))
                .toList();
        long step = own.stream().mapToLong(EvaluationResult::getStep).max().orElse(0);
        List<ImportedScore> scores = new ArrayList<>();
        for (EvaluationResult result : own) {
            for (EvaluationScore score : result.getStep() == step ? result.getScores() : List.<EvaluationScore>of()) {
                scores.add(of(result, score, control));
            }
        }
        return scores;
    }

    private static ImportedScore of(EvaluationResult result, EvaluationScore score, List<ImportedScore> control) {
        ImportedScore base = control.stream()
                .filter(other -> other.harness.equals(result.getProfile())
                        && other.task.equals(result.getTask())
                        && other.metric.equals(score.getMetric())
                        && other.rows == result.getTaskRows())
                .findFirst()
                .orElse(null);
        Double error = score.getStandardError();
        Double other = base == null ? null : base.standardError;
        return new ImportedScore(
                result.getProfile(),
                result.getTask(),
                score.getMetric(),
                score.getValue(),
                error,
                result.getTaskRows(),
                base == null ? null : score.getValue() - base.value,
                error == null || other == null ? null : Math.hypot(error, other));
    }
}
