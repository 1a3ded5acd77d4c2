package org.bandpass.eval.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.TrainingRun;
import org.jspecify.annotations.Nullable;

/** Writes results as results.json, whose fields {@code docs/results.md} explains. What is not known is null. */
public final class ResultsJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ResultsJson() {}

    /** Returns the document, indented, with a final line break. */
    public static String text(Results results) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(of(results)) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON nodes can be written", e);
        }
    }

    static ObjectNode of(Results results) {
        ObjectNode root = JSON.createObjectNode();
        root.set("documents", documents(results));
        root.set("cuts", cuts(results.cuts()));
        ObjectNode bands = root.putObject("bands");
        results.bands().forEach(band -> bands.set(band.name(), band(band)));
        root.set("reference", reference(results.runs().reference()));
        ObjectNode runs = root.putObject("runs");
        results.runs().compared().forEach(run -> runs.set(run.name(), run(run)));
        ArrayNode audit = root.putArray("audit");
        results.audit().forEach(audit::add);
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
        ObjectNode reasons = node.putObject("rejectedByReason");
        documents.rejected().forEach(reasons::put);
        return node;
    }

    private static JsonNode cuts(@Nullable CutQuantiles cuts) {
        if (cuts == null) {
            return JSON.nullNode();
        }
        ObjectNode node = JSON.createObjectNode().put("version", cuts.version()).put("count", cuts.count());
        put(node, "rankErrorBound", cuts.rankErrorBound());
        ObjectNode quantiles = node.putObject("quantiles");
        cuts.quantiles().forEach((rank, nll) -> put(quantiles, Double.toString(rank), nll));
        return node;
    }

    private static ObjectNode band(BandResult band) {
        ObjectNode node = JSON.createObjectNode();
        put(node, "from", band.from());
        put(node, "to", band.to());
        put(node, "nllFrom", band.nllFrom());
        put(node, "nllTo", band.nllTo());
        amount(node, band.amount());
        put(node, "fraction", band.fraction());
        put(node, "exactFraction", band.exactFraction());
        node.set("byDomain", byDomain(band.byDomain()));
        return node;
    }

    private static ObjectNode byDomain(SortedMap<String, Amount> amounts) {
        ObjectNode node = JSON.createObjectNode();
        amounts.forEach((domain, amount) -> amount(node.putObject(domain), amount));
        return node;
    }

    private static void amount(ObjectNode node, Amount amount) {
        node.put("documents", amount.documents());
        node.put("tokens", amount.tokens());
        node.put("bytes", amount.bytes());
    }

    private static JsonNode reference(@Nullable RunResult reference) {
        if (reference == null) {
            return JSON.nullNode();
        }
        ObjectNode node = JSON.createObjectNode();
        training(node, reference);
        node.set("heldOut", likelihood(reference.evaluation().heldOut()));
        return node;
    }

    private static ObjectNode run(RunResult run) {
        ObjectNode node = JSON.createObjectNode().put("band", run.run().getBand());
        training(node, run);
        RunEvaluation evaluation = run.evaluation();
        JsonNode heldOut = likelihood(evaluation.heldOut());
        if (heldOut instanceof ObjectNode object) {
            ObjectNode domains = object.putObject("byDomain");
            evaluation.heldOutByDomain().forEach((domain, value) -> domains.set(domain, likelihood(value)));
        }
        node.set("heldOut", heldOut);
        node.set("eval", eval(evaluation));
        return node;
    }

    private static void training(ObjectNode node, RunResult named) {
        TrainingRun run = named.run();
        node.put("runId", run.getRunId());
        node.put("state", run.getState().name().toLowerCase(java.util.Locale.ROOT));
        node.put("endedBy", run.getEndedBy());
        node.put("seed", run.getSeed());
        node.put("tokens", run.getTokens());
        node.put("steps", run.getStep());
        node.put("parameters", run.getParameters());
        put(node, "epochs", run.getEpochs());
        put(node, "seconds", run.getSeconds());
        node.put("modelRevision", run.getModelRevision());
        ArrayNode losses = node.putArray("trainLoss");
        List<Double> means = run.getLosses();
        means.forEach(loss -> losses.add(number(loss)));
    }

    private static JsonNode likelihood(@Nullable HeldOutResult likelihood) {
        if (likelihood == null) {
            return JSON.nullNode();
        }
        ObjectNode node = JSON.createObjectNode();
        put(node, "bitsPerByte", likelihood.bitsPerByte());
        put(node, "perplexity", likelihood.perplexity());
        node.put("documents", likelihood.documents());
        put(node, "difference", likelihood.difference());
        put(node, "differenceStandardError", likelihood.differenceError());
        return node;
    }

    private static JsonNode eval(RunEvaluation evaluation) {
        if (evaluation.tasks().isEmpty()) {
            return JSON.nullNode();
        }
        ObjectNode node = JSON.createObjectNode();
        ObjectNode tasks = node.putObject("tasks");
        evaluation.tasks().forEach((name, task) -> {
            ObjectNode entry = tasks.putObject(name);
            put(entry, "accuracy", task.accuracy());
            put(entry, "standardError", task.standardError());
            entry.put("rows", task.rows());
            put(entry, "chance", task.chance());
            put(entry, "difference", task.difference());
            put(entry, "differenceStandardError", task.differenceError());
            ObjectNode leftOut = entry.putObject("leftOut");
            task.leftOut().forEach(leftOut::put);
        });
        ObjectNode categories = node.putObject("categories");
        evaluation.categories().forEach((category, value) -> put(categories, category, value));
        put(node, "average", evaluation.average());
        return node;
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
        strings(node.putObject("settings"), provenance.settings());
        strings(node.putObject("schemas"), Provenance.schemas());
        return node.put("java", programs.get("java"))
                .put("djl", programs.get("djl"))
                .put("kafka", programs.get("kafka"))
                .put("modelRevision", provenance.modelRevision())
                .put("tokenizerRevision", provenance.tokenizerRevision())
                .put("seed", provenance.seed());
    }

    private static void strings(ObjectNode node, Map<String, String> values) {
        values.forEach(node::put);
    }

    private static void putKnown(ObjectNode node, String field, @Nullable Double value) {
        if (value != null) {
            put(node, field, value);
        }
    }

    private static void put(ObjectNode node, String field, @Nullable Double value) {
        node.set(field, number(value));
    }

    /** JSON has no NaN and no infinity: what is not a number is not known. */
    private static JsonNode number(@Nullable Double value) {
        return value == null || !Double.isFinite(value)
                ? JSON.nullNode()
                : JSON.getNodeFactory().numberNode(value.doubleValue());
    }
}
