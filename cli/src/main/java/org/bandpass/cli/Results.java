package org.bandpass.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bandpass.schemas.Plan;
import org.jspecify.annotations.Nullable;

/**
 * What an experiment gave: everything that results.json, the page and the table show.
 *
 * @param plan the plan whose bands were made
 * @param documents where the documents went
 * @param population scores of all documents that the plan ranks
 * @param cuts null where the plan carries none
 * @param bands in the order of the plan
 * @param runs the training runs
 * @param audit entries of the audit; empty where none was made
 * @param stages summaries of the stages
 * @param provenance what the results were made with
 */
record Results(
        Plan plan,
        ResultsDocuments documents,
        ResultsPopulation population,
        @Nullable ResultsCuts cuts,
        List<ResultsBand> bands,
        ResultsRuns runs,
        List<JsonNode> audit,
        ResultsStages stages,
        ResultsProvenance provenance) {

    /** Returns how runs and bands are drawn, the control first, the same in every picture. */
    List<ChartSeries> series() {
        List<String> names = new ArrayList<>(List.of("control"));
        bands.forEach(band -> names.add(band.name()));
        return ChartSeries.of(names);
    }

    ChartSeries seriesOf(String name) {
        return series().stream()
                .filter(series -> series.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Returns, for people, what these results lack. */
    List<String> gaps() {
        List<String> gaps = new ArrayList<>();
        if (documents.files() == 0) {
            gaps.add("Nothing is known of the ingest: its progress is not in this cluster.");
        }
        if (documents.unscored() > 0) {
            gaps.add(ReportWords.count(documents.unscored())
                    + " documents of the final split are not scored yet; shares and ranks change" + " until they are.");
        }
        if (population.capped() > 0) {
            gaps.add(ReportWords.count(population.capped())
                    + " long documents were scored by their first windows only, and their tokens"
                    + " count as far as they were scored.");
        }
        if (runs.control() == null) {
            gaps.add("There is no control run, so nothing can be compared.");
        }
        bands.stream()
                .filter(band -> !runs.bands().containsKey(band.name()))
                .forEach(band -> gaps.add("No model was trained on the band " + band.name() + "."));
        runs.compared().stream().map(Results::gap).filter(Objects::nonNull).forEach(gaps::add);
        if (audit.isEmpty()) {
            gaps.add("The bands were not audited against an exact sort.");
        }
        if (stages.names().isEmpty()) {
            gaps.add("How long the stages took is not known: no summaries are filed with this report.");
        }
        return gaps;
    }

    private static @Nullable String gap(ResultsRun run) {
        if (!run.finished()) {
            return "The run of " + run.name() + " is not finished (" + run.run().getState() + ").";
        }
        return run.evaluation().heldOut() == null ? "The run of " + run.name() + " is not evaluated yet." : null;
    }
}
