package org.bandpass.eval.results;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.bandpass.schemas.TrainingRun;
import org.jspecify.annotations.Nullable;

/** Writes results as results.json, whose fields {@code docs/results.md} explains. What is not known is null. */
public final class ResultsJson {

    /** JSON has no NaN and no infinity: they become null. */
    private static final JsonSerializer<Double> FINITE = new JsonSerializer<>() {
        @Override
        public void serialize(Double value, JsonGenerator json, SerializerProvider provider) throws IOException {
            if (Double.isFinite(value)) {
                json.writeNumber(value);
            } else {
                json.writeNull();
            }
        }
    };

    private static final ObjectMapper JSON = new ObjectMapper()
            .registerModule(
                    new SimpleModule().addSerializer(Double.class, FINITE).addSerializer(double.class, FINITE));

    private ResultsJson() {}

    /** Returns the document, indented, with a final line break. */
    public static String text(Results results) {
        return of(results).toPrettyString() + "\n";
    }

    private static ObjectNode of(Results results) {
        ObjectNode root = JSON.createObjectNode();
        put(root, "documents", results.documents());
        put(root, "cuts", results.cuts());
        ObjectNode bands = root.putObject("bands");
        results.bands().forEach(band -> put(bands, band.name(), band));
        RunResult reference = results.runs().reference();
        root.set("reference", reference == null ? null : training(JSON.createObjectNode(), reference));
        ObjectNode runs = root.putObject("runs");
        results.runs().compared().forEach(run -> {
            compared(runs.putObject(run.name()), run);
            put(
                    (ObjectNode) runs.get(run.name()),
                    "imported",
                    results.imported().get(run.name()));
        });
        put(root, "audit", results.audit());
        root.set("timing", timing(results));
        put(root, "provenance", results.provenance());
        return root;
    }

    private static void compared(ObjectNode node, RunResult run) {
        training(node.put("band", run.run().getBand()), run);
        if (node.get("heldOut") instanceof ObjectNode heldOut) {
            put(heldOut, "byDomain", run.heldOutByDomain());
        }
        if (run.tasks().isEmpty()) {
            node.putNull("eval");
        } else {
            ObjectNode eval = node.putObject("eval");
            put(eval, "tasks", run.tasks());
            put(eval, "categories", run.categories());
            put(eval, "average", run.average());
        }
        put(node, "seeds", run.seeds());
        put(node, "spread", run.spread());
    }

    private static ObjectNode training(ObjectNode node, RunResult result) {
        TrainingRun run = result.run();
        node.put("runId", run.getRunId());
        node.put("state", run.getState().name().toLowerCase(Locale.ROOT));
        node.put("endedBy", run.getEndedBy());
        node.put("seed", run.getSeed());
        node.put("tokens", run.getTokens());
        node.put("steps", run.getStep());
        node.put("parameters", run.getParameters());
        put(node, "epochs", run.getEpochs());
        put(node, "seconds", run.getSeconds());
        node.put("modelRevision", run.getModelRevision());
        put(node, "trainLoss", run.getLosses());
        put(node, "heldOut", result.heldOut());
        return node;
    }

    private static ObjectNode timing(Results results) {
        StageSummaries stages = results.stages();
        ObjectNode timing = JSON.createObjectNode();
        for (String stage : stages.names()) {
            ObjectNode entry = timing.putObject(stage).put("seconds", stages.number(stage, "seconds"));
            if (stage.equals(StageSummaries.SCORE)) {
                score(entry, results);
            } else {
                for (String unit : List.of("documents", "tokens")) {
                    Double rate = stages.rate(stage, unit);
                    if (rate != null) {
                        entry.put(unit + "PerSecond", rate);
                    }
                }
            }
        }
        if (!timing.has(StageSummaries.INGEST)) {
            // Without a summary of the ingest, its progress records still know how long it took.
            double seconds = results.documents().seconds();
            timing.putObject(StageSummaries.INGEST)
                    .put("seconds", seconds > 0 ? seconds : null)
                    .put("documentsPerSecond", seconds > 0 ? results.documents().ingested() / seconds : null);
        }
        if (!timing.has(StageSummaries.SCORE)) {
            score(timing.putObject(StageSummaries.SCORE).putNull("seconds"), results);
        }
        return timing;
    }

    private static void score(ObjectNode entry, Results results) {
        StageSummaries stages = results.stages();
        Double windows = stages.number(StageSummaries.SCORE, "maxWindows");
        entry.put("tokensPerSecond", stages.rate(StageSummaries.SCORE, "tokens"))
                .put("paddingFraction", stages.number(StageSummaries.SCORE, "paddingFraction"))
                .put("maxWindows", windows == null ? null : windows.longValue())
                .put("documentsCapped", results.population().capped());
    }

    /** Returns an empty object. */
    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static void put(ObjectNode node, String field, @Nullable Object value) {
        node.set(field, JSON.<JsonNode>valueToTree(value));
    }
}
