package org.bandpass.eval.results;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bandpass.eval.figures.EvaluationSummary;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.RunRole;
import org.bandpass.schemas.TrainingRun;
import org.jspecify.annotations.Nullable;

/**
 * The training runs that belong to a plan.
 *
 * @param reference run of the reference model; null where it is not known
 * @param control run on all scored documents; null where there is none
 * @param bands run of each band that has one, by the band's name, in the order of the plan
 */
public record PlanRuns(
        @Nullable RunResult reference, @Nullable RunResult control, Map<String, RunResult> bands) {

    static PlanRuns of(Plan plan, Collection<TrainingRun> runs, EvaluationSummary summary) {
        TrainingRun reference = RunResult.chosen(
                runs,
                run -> run.getRole() == RunRole.REFERENCE
                        && plan.getModelRevision().equals(run.getModelRevision()));
        TrainingRun control = RunResult.chosen(
                runs, run -> run.getRole() == RunRole.CONTROL && run.getTopic().equals(plan.getScoredTopic()));
        Map<String, RunResult> bands = new LinkedHashMap<>();
        for (Band band : plan.getBands()) {
            TrainingRun run = RunResult.chosen(
                    runs,
                    r -> r.getRole() == RunRole.BAND
                            && plan.getName().equals(r.getPlan())
                            && band.getName().equals(r.getBand()));
            if (run != null) {
                bands.put(band.getName(), new RunResult(band.getName(), run, RunEvaluation.of(summary, run, control)));
            }
        }
        return new PlanRuns(
                reference == null
                        ? null
                        : new RunResult("reference", reference, RunEvaluation.of(summary, reference, null)),
                control == null ? null : new RunResult("control", control, RunEvaluation.of(summary, control, null)),
                Collections.unmodifiableMap(bands));
    }

    /** Returns control and band runs, as far as they exist: what is compared. */
    public List<RunResult> compared() {
        List<RunResult> runs = new ArrayList<>();
        if (control != null) {
            runs.add(control);
        }
        runs.addAll(bands.values());
        return Collections.unmodifiableList(runs);
    }

    /** Returns the records of all runs, the reference model's first. */
    List<TrainingRun> records() {
        List<TrainingRun> records = new ArrayList<>();
        if (reference != null) {
            records.add(reference.run());
        }
        compared().forEach(run -> records.add(run.run()));
        return Collections.unmodifiableList(records);
    }
}
