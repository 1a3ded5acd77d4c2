package org.bandpass.eval.results;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.TrainingRun;
import org.jspecify.annotations.Nullable;

/** Writes results as results.json, whose fields {@code docs/results.md} explains. What is not known is null. */
public final class ResultsJson {

    /** JSON has no NaN and no infinity: what is not a number is not known. */
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
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(of(results)) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON nodes can be written", e);
        }
    }

    private static JsonNode of(Results results) {
        ObjectNode root = JSON.createObjectNode();
        root.set("documents", documents(results));
        put(root, "cuts", results.cuts());
        ObjectNode bands = root.putObject("bands");
        results.bands().forEach(band -> put(bands, band.name(), band));
        RunResult reference = results.runs().reference();
        root.set("reference", reference == null ? null : reference(reference));
        ObjectNode runs = root.putObject("runs");
        results.runs().compared().forEach(run -> runs.set(run.name(), run(run)));
        put(root, "audit", results.audit());
        root.set("timing", timing(results));
        root.set("provenance", provenance(results.provenance()));
        return root;
    }

    private static ObjectNode documents(Results results) {
        DocumentCounts documents = results.documents();
        ObjectNode node = JSON.createObjectNode()
                .put("read", documents.read())
                .put("ingested", documents.ingestedInAll())
                .put("rejected", documents.rejectedInAll())
                .put("reference", documents.ingested(SplitPart.REFERENCE))
                .put("heldOut", documents.ingested(SplitPart.HELD_OUT))
                .put("scored", documents.scored())
                .put("deadLetters", documents.deadLetters())
                .put(
                        "sampled",
                        results.population().sampled() ? results.population().read() : null);
        put(node, "rejectedByReason", documents.rejected());
        return node;
    }

    private static ObjectNode reference(RunResult reference) {
        ObjectNode node = JSON.createObjectNode();
        training(node, reference.run());
        put(node, "heldOut", reference.evaluation().heldOut());
        return node;
    }

    private static ObjectNode run(RunResult run) {
        ObjectNode node = JSON.createObjectNode().put("band", run.run().getBand());
        training(node, run.run());
        RunEvaluation evaluation = run.evaluation();
        put(node, "heldOut", evaluation.heldOut());
        if (node.get("heldOut") instanceof ObjectNode heldOut) {
            put(heldOut, "byDomain", evaluation.heldOutByDomain());
        }
        if (evaluation.tasks().isEmpty()) {
            node.putNull("eval");
        } else {
            ObjectNode eval = node.putObject("eval");
            put(eval, "tasks", evaluation.tasks());
            put(eval, "categories", evaluation.categories());
            put(eval, "average", evaluation.average());
        }
        return node;
    }

    private static void training(ObjectNode node, TrainingRun run) {
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
    }

    private static ObjectNode timing(Results results) {
        StageSummaries stages = results.stages();
        ObjectNode node = JSON.createObjectNode();
        for (String stage : stages.names()) {
            ObjectNode entry = node.putObject(stage);
            put(entry, "seconds", stages.number(stage, "seconds"));
            if (!stage.equals(StageSummaries.SCORE)) {
                putKnown(entry, "documentsPerSecond", stages.rate(stage, "documentsPerSecond", "documents"));
            }
            putKnown(entry, "tokensPerSecond", stages.rate(stage, "tokensPerSecond", "tokens"));
        }
        if (!stages.has(StageSummaries.INGEST)) {
            ingest(node.putObject(StageSummaries.INGEST), results.documents());
        }
        score(node.withObject("/" + StageSummaries.SCORE), results);
        return node;
    }

    /** Without a summary of the ingest, its progress records still know how long it took. */
    private static void ingest(ObjectNode entry, DocumentCounts documents) {
        boolean timed = documents.seconds() > 0;
        put(entry, "seconds", timed ? documents.seconds() : null);
        put(entry, "documentsPerSecond", timed ? documents.ingestedInAll() / documents.seconds() : null);
    }

    private static void score(ObjectNode entry, Results results) {
        StageSummaries stages = results.stages();
        put(entry, "seconds", stages.number(StageSummaries.SCORE, "seconds"));
        put(entry, "tokensPerSecond", stages.rate(StageSummaries.SCORE, "tokensPerSecond", "tokens"));
        put(entry, "paddingFraction", stages.number(StageSummaries.SCORE, "paddingFraction"));
        Double windows = stages.number(StageSummaries.SCORE, "maxWindows");
        entry.put("maxWindows", windows == null ? null : windows.longValue());
        entry.put("documentsCapped", results.population().capped());
    }

    private static ObjectNode provenance(Provenance provenance) {
        Map<String, String> programs = provenance.programs();
        ObjectNode node = JSON.createObjectNode()
                .put("revision", programs.get("revision"))
                .put("version", programs.get("version"));
        put(node, "settings", provenance.settings());
        put(node, "schemas", Provenance.schemas());
        return node.put("java", programs.get("java"))
                .put("djl", programs.get("djl"))
                .put("kafka", programs.get("kafka"))
                .put("modelRevision", provenance.modelRevision())
                .put("tokenizerRevision", provenance.tokenizerRevision())
                .put("seed", provenance.seed());
    }

    private static void putKnown(ObjectNode node, String field, @Nullable Double value) {
        if (value != null) {
            put(node, field, value);
        }
    }

    private static void put(ObjectNode node, String field, @Nullable Object value) {
        node.set(field, JSON.<JsonNode>valueToTree(value));
    }
}
