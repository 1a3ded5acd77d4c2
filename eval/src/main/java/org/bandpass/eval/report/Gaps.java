package org.bandpass.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bandpass.eval.results.PlanRuns;
import org.bandpass.eval.results.Results;
import org.bandpass.eval.results.RunResult;
import org.jspecify.annotations.Nullable;

/** What results lack, in sentences. */
final class Gaps {

    private Gaps() {}

    static List<String> of(Results results) {
        PlanRuns runs = results.runs();
        List<String> gaps = new ArrayList<>();
        if (results.documents().files() == 0) {
            gaps.add("Nothing is known of the ingest: its progress is not in this cluster.");
        }
        if (results.population().sampled()) {
            gaps.add("Numbers of scored documents, shares and distributions are estimates from a sample of "
                    + Words.count(results.population().read()) + " documents.");
        } else if (results.documents().unscored() > 0) {
            gaps.add(Words.count(results.documents().unscored())
                    + " documents of the final split are not scored yet; shares and ranks change until they are.");
        }
        if (results.population().capped() > 0) {
            gaps.add(Words.count(results.population().capped())
                    + " long documents were scored by their first windows only, and their tokens"
                    + " count as far as they were scored.");
        }
        if (runs.control() == null) {
            gaps.add("There is no control run, so nothing can be compared.");
        }
        results.bands().stream()
                .filter(band -> !runs.bands().containsKey(band.name()))
                .forEach(band -> gaps.add("No model was trained on the band " + band.name() + "."));
        runs.compared().stream().map(Gaps::of).filter(Objects::nonNull).forEach(gaps::add);
        if (results.audit().isEmpty()) {
            gaps.add("The bands were not audited against an exact sort.");
        }
        if (results.stages().names().isEmpty()) {
            gaps.add("How long the stages took is not known: no summaries are filed with this report.");
        }
        return gaps;
    }

    private static @Nullable String of(RunResult run) {
        if (!run.finished()) {
            return "The run of " + run.name() + " is not finished (" + run.run().getState() + ").";
        }
        return run.evaluation().heldOut() == null ? "The run of " + run.name() + " is not evaluated yet." : null;
    }
}
