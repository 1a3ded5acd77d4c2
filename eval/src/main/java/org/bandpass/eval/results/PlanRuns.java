package org.bandpass.eval.results;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.bandpass.eval.figures.EvaluationSummary;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.RunRole;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.TrainingRun;
import org.jspecify.annotations.Nullable;

/**
 * The training runs that belong to a plan.
 *
 * @param reference run of the reference model; null where it is not known
 * @param control run on all scored documents; null where there is none
 * @param bands run of each band that has one, by the band's name, in the order of the plan; of the control's seed where
 *     it has several
 */
public record PlanRuns(
        @Nullable RunResult reference, @Nullable RunResult control, Map<String, RunResult> bands) {

    static PlanRuns of(Plan plan, Collection<TrainingRun> runs, EvaluationSummary summary) {
        TrainingRun reference =
                latest(runs, RunRole.REFERENCE, run -> plan.getModelRevision().equals(run.getModelRevision()));
        SeedRuns controls =
                SeedRuns.of(runs, RunRole.CONTROL, run -> run.getTopic().equals(plan.getScoredTopic()));
        TrainingRun control = controls.first(null);
        Map<String, RunResult> bands = new LinkedHashMap<>();
        for (Band band : plan.getBands()) {
            SeedRuns arm = SeedRuns.of(
                    runs,
                    RunRole.BAND,
                    run -> plan.getName().equals(run.getPlan())
                            && band.getName().equals(run.getBand()));
            RunResult result = RunResult.of(band.getName(), arm.first(control), summary, control);
            if (result != null) {
                bands.put(band.getName(), result.over(arm.finished(), arm.spread(summary, controls)));
            }
        }
        RunResult base = RunResult.of("control", control, summary, null);
        return new PlanRuns(
                RunResult.of("reference", reference, summary, null),
                base == null ? null : base.over(controls.finished(), controls.spread(summary, null)),
                Collections.unmodifiableMap(bands));
    }

    /** Returns the run of a kind that was written last, a finished one where there is one. */
    private static @Nullable TrainingRun latest(
            Collection<TrainingRun> runs, RunRole role, Predicate<TrainingRun> kind) {
        return runs.stream()
                .filter(run -> run.getRole() == role)
                .filter(kind)
                .max(Comparator.comparing((TrainingRun run) -> run.getState() == RunState.FINISHED)
                        .thenComparing(TrainingRun::getUpdatedAt))
                .orElse(null);
    }

    /** Returns the runs that are compared: the control's and the bands'. */
    public List<RunResult> compared() {
        return Stream.concat(Stream.ofNullable(control), bands.values().stream())
                .toList();
    }

    /** Returns all runs, the reference model's first. */
    List<RunResult> all() {
        return Stream.concat(Stream.ofNullable(reference), compared().stream()).toList();
    }
}
