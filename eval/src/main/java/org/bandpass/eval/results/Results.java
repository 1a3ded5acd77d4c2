package org.bandpass.eval.results;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
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
public record Results(
        Plan plan,
        DocumentCounts documents,
        Population population,
        @Nullable CutQuantiles cuts,
        List<BandResult> bands,
        PlanRuns runs,
        List<JsonNode> audit,
        StageSummaries stages,
        Provenance provenance) {}
