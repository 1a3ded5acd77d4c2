package org.bandpass.eval.results;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.bandpass.schemas.Plan;
import org.jspecify.annotations.Nullable;

/**
 * The results of an experiment: everything that results.json, the page and the table show.
 *
 * @param population scores of all documents that the plan ranks
 * @param cuts null where the plan carries none
 * @param bands in the order of the plan
 * @param imported scores of other harnesses by the name of the run
 * @param audit entries of the audit; empty without an audit
 */
public record Results(
        Plan plan,
        DocumentCounts documents,
        Population population,
        @Nullable CutQuantiles cuts,
        List<BandResult> bands,
        PlanRuns runs,
        Map<String, List<ImportedScore>> imported,
        List<JsonNode> audit,
        StageSummaries stages,
        Provenance provenance) {}
