package org.bandpass.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bandpass.eval.results.BandResult;
import org.bandpass.eval.results.DocumentCounts;
import org.bandpass.eval.results.PlanRuns;
import org.bandpass.eval.results.Results;
import org.bandpass.eval.results.RunResult;

/** What results lack, in sentences. */
final class Gaps {

    private Gaps() {}

    static List<String> of(Results results) {
        DocumentCounts documents = results.documents();
        List<String> gaps = new ArrayList<>();
        if (documents.files() == 0) {
            gaps.add("The ingest is not known: its progress is not in this cluster.");
        }
        if (documents.sampled() != null) {
            gaps.add("Numbers of scored documents, shares and distributions are estimates from a sample of "
                    + Words.count(documents.sampled()) + " documents.");
        } else if (documents.unscored() > 0) {
            gaps.add(Words.count(documents.unscored())
                    + " documents of the final split are not scored yet; shares and ranks change until they are.");
        }
        if (results.population().capped() > 0) {
            gaps.add(Words.count(results.population().capped())
                    + " long documents were scored by their first windows only, and only those tokens count.");
        }
        if (results.runs().control() == null) {
            gaps.add("There is no control run, so nothing can be compared.");
        }
        addRuns(results, gaps);
        if (results.audit().isEmpty()) {
            gaps.add("The bands were not audited against an exact sort.");
        }
        if (results.stages().names().isEmpty()) {
            gaps.add("The durations of the stages are not known: this report has no summaries of them.");
        }
        return gaps;
    }

    private static void addRuns(Results results, List<String> gaps) {
        PlanRuns runs = results.runs();
        for (BandResult band : results.bands()) {
            if (!runs.bands().containsKey(band.name())) {
                gaps.add("No model was trained on the band " + band.name() + ".");
            }
        }
        for (RunResult run : runs.compared()) {
            if (!run.finished()) {
                gaps.add("The run of " + run.name() + " is not finished ("
                        + run.run().getState() + ").");
            } else if (run.heldOut() == null) {
                gaps.add("The run of " + run.name() + " is not evaluated yet.");
            }
        }
        addSeeds(runs, gaps);
    }

    private static void addSeeds(PlanRuns runs, List<String> gaps) {
        Set<Long> all = new TreeSet<>();
        runs.compared().forEach(run -> all.addAll(run.seeds()));
        for (RunResult run : runs.compared()) {
            Set<Long> missing = new TreeSet<>(all);
            missing.removeAll(run.seeds());
            if (!missing.isEmpty()) {
                gaps.add("There is no finished run of " + run.name() + " of seed "
                        + Words.list(missing.stream().map(String::valueOf).toList())
                        + ", so its spread leaves out that seed.");
            }
        }
    }
}
