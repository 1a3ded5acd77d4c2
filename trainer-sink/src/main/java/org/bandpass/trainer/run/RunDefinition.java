package org.bandpass.trainer.run;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bandpass.schemas.OffsetRange;
import org.jspecify.annotations.Nullable;

/**
 * What identifies a run, fixed when it begins, except for the rate; {@code run.json}.
 *
 * @param identity what the user asked for, see {@link RunRequest#identity}
 * @param learningRate peak of the rate now; null for the preset's
 * @param manifest settings, versions, revisions and device, for people and reports
 */
record RunDefinition(
        Map<String, String> identity,
        StepBudget budget,
        List<OffsetRange> snapshot,
        @Nullable Double learningRate,
        JsonNode manifest) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Returns in words what another request differs in, or nothing. */
    List<String> differences(Map<String, String> other) {
        List<String> differences = new ArrayList<>();
        other.forEach((name, value) -> {
            String mine = identity.get(name);
            if (!value.equals(mine)) {
                differences.add(name + " was " + mine + " and is " + value);
            }
        });
        return differences;
    }

    /** Returns the same with another rate; the manifest lists it with the step after which it holds. */
    RunDefinition withLearningRate(double rate, long step) {
        ObjectNode changed = manifest.deepCopy();
        changed.withArray("learningRates").addObject().put("afterStep", step).put("learningRate", rate);
        return new RunDefinition(identity, budget, snapshot, rate, changed);
    }

    String toJson() {
        ObjectNode json = MAPPER.createObjectNode();
        json.putPOJO("identity", identity);
        json.putObject("budget")
                .put("steps", budget.steps())
                .put("rowsPerStep", budget.rowsPerStep())
                .put("sequenceTokens", budget.sequenceTokens());
        snapshot.forEach(range -> json.withArray("snapshot")
                .addObject()
                .put("partition", range.getPartition())
                .put("from", range.getFrom())
                .put("to", range.getTo())
                .put("records", range.getRecords()));
        json.put("learningRate", learningRate);
        json.set("manifest", manifest);
        return json.toPrettyString() + "\n";
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws com.fasterxml.jackson.core.JsonProcessingException if it is something else
     */
    static RunDefinition parse(byte[] text) throws IOException {
        JsonNode json = MAPPER.readTree(text);
        List<OffsetRange> snapshot = new ArrayList<>();
        for (JsonNode range : json.path("snapshot")) {
            snapshot.add(new OffsetRange(
                    range.path("partition").intValue(),
                    range.path("from").longValue(),
                    range.path("to").longValue(),
                    range.path("records").longValue()));
        }
        Map<String, String> identity =
                MAPPER.convertValue(json.path("identity"), new TypeReference<LinkedHashMap<String, String>>() {});
        return new RunDefinition(
                identity,
                MAPPER.treeToValue(json.path("budget"), StepBudget.class),
                List.copyOf(snapshot),
                json.path("learningRate").isNumber() ? json.path("learningRate").doubleValue() : null,
                json.path("manifest"));
    }
}
