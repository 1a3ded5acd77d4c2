package org.bandpass.trainer.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.utils.AppInfoParser;
import org.bandpass.languagemodel.TrainingRecipe;
import org.bandpass.languagemodel.file.Djl;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.service.ProgramFailure;
import org.bandpass.trainer.data.DataSet;
import org.bandpass.trainer.data.RunData;
import org.bandpass.trainer.data.ScanDocuments;
import org.bandpass.trainer.data.TrainerCluster;
import org.jspecify.annotations.Nullable;

/** Finds the data of a run and whether it begins or continues; writes {@code run.json} when it begins. */
record PrepareRun(
        Trainer trainer,
        RunRequest request,
        TrainedModel model,
        TextTokenizer tokenizer,
        RunFolder folder,
        TrainerCluster cluster,
        Consumer<byte[], byte[]> reader) {

    /** Share of the measured speed to expect: a schedule that ends early is better than one that is cut off. */
    private static final double EXPECTED_SPEED = 0.9;

    /**
     * Prepares the run, and takes it over once it is clear that it can be trained.
     *
     * @throws ProgramFailure if there is nothing to train on, or the folder has another run
     */
    PreparedRun prepare(RunWriter writer) {
        Plan plan = plan();
        RunData data = data();
        // Only now, so that nothing is made under a mistyped prefix.
        Topics topics = trainer.settings().topics();
        cluster.ensure(List.of(topics.trainingRuns(), topics.deadLetters(RunData.PROGRAM)));
        Map<String, String> identity = request.identity(data, model, tokenizer.revision(), trainer.settings());
        RunDefinition known = folder.definition();
        if (known == null) {
            writer.takeOver();
            return begin(data, identity, plan, null);
        }
        List<String> differences = known.differences(identity);
        if (!differences.isEmpty()) {
            throw new ProgramFailure("the run in " + request.out() + " was begun with other settings: "
                    + String.join("; ", differences) + ". Resume it as it was begun, or choose another --out");
        }
        writer.takeOver();
        TrainingRun reported = TrainerCluster.runOf(cluster.admin(), reader, topics, request.run());
        Checkpoint last = folder.lastCheckpoint();
        // A run killed before its first record has not reported its refusals, so it starts over.
        boolean begun =
                last != null || reported != null && reported.getSnapshot().equals(known.snapshot());
        return begun ? resume(data, known, last, reported) : begin(data, identity, plan, reported);
    }

    private PreparedRun resume(
            RunData data, RunDefinition known, @Nullable Checkpoint last, @Nullable TrainingRun reported) {
        if (last != null && last.progress().endedBy() != null) {
            return new PreparedRun(request, data, model, known, DataSet.NONE, last, reported, false, Map.of());
        }
        RunDefinition definition =
                atRate(known, last == null ? 0 : last.progress().steps());
        DataSet documents =
                scan(data).scan(reader, DataSet.snapshot(data.topic().name(), definition.snapshot()));
        if (!definition.snapshot().equals(documents.ranges())) {
            throw new ProgramFailure("the topic no longer holds what run '" + request.run() + "' began with: "
                    + definition.snapshot() + " then, " + documents.ranges() + " now; the run cannot continue");
        }
        return new PreparedRun(request, data, model, definition, documents, last, reported, false, Map.of());
    }

    private RunDefinition atRate(RunDefinition known, long step) {
        Double rate = request.learningRate();
        if (rate == null
                || rate
                        == model.recipe(known.budget(), request.dtype(), known.learningRate())
                                .learningRate()) {
            return known;
        }
        RunDefinition changed = known.withLearningRate(rate, step);
        folder.define(changed);
        return changed;
    }

    private PreparedRun begin(
            RunData data, Map<String, String> identity, @Nullable Plan plan, @Nullable TrainingRun reported) {
        ScanDocuments scan = scan(data);
        String topic = data.topic().name();
        DataSet documents = scan.scan(reader, OffsetSnapshot.written(cluster.admin(), reader, topic));
        if (documents.documents() == 0) {
            throw new ProgramFailure("there is nothing to train on: " + data.emptyWords());
        }
        StepBudget budget = budget();
        RunDefinition definition =
                new RunDefinition(identity, budget, documents.ranges(), request.learningRate(), manifest(budget, plan));
        folder.define(definition);
        return new PreparedRun(request, data, model, definition, documents, null, reported, true, scan.letters());
    }

    private @Nullable Plan plan() {
        RunRequest.Choice choice = request.choice();
        return choice.plan() == null || choice.band() == null
                ? null
                : cluster.plan(reader, choice.plan(), choice.band());
    }

    private RunData data() {
        RunRequest.Choice choice = request.choice();
        Topics topics = trainer.settings().topics();
        RunData data = choice.reference()
                ? RunData.reference(topics.documents())
                : choice.plan() == null || choice.band() == null
                        ? RunData.control(trainer.settings().scoredTopic())
                        : RunData.band(choice.plan(), choice.band(), topics.band(choice.plan(), choice.band()));
        cluster.require(data.topic(), data.advice());
        return data;
    }

    private ScanDocuments scan(RunData data) {
        TrainerSettings settings = trainer.settings();
        return new ScanDocuments(
                settings.decoder(data, tokenizer), settings.shuffle().blockRecords(), trainer.stop());
    }

    private StepBudget budget() {
        int width = model.sequenceTokens();
        Double minutes = request.minutes();
        if (minutes == null) {
            return StepBudget.of(request.tokensFor(model.config().parameters()), model.rowsPerStep(), width);
        }
        double speed = model.tokensPerSecond(request.device(), request.dtype());
        long tokens = (long) (speed * EXPECTED_SPEED * minutes * 60);
        return StepBudget.of(Math.max(tokens, width), model.rowsPerStep(), width);
    }

    /** Returns where the run comes from, for people and reports: versions, revisions, settings and device. */
    private JsonNode manifest(StepBudget budget, @Nullable Plan plan) {
        TrainingRecipe recipe = model.recipe(budget, request.dtype(), request.learningRate());
        ObjectNode json = RunFolder.JSON.createObjectNode();
        json.put("version", PrepareRun.class.getPackage().getImplementationVersion());
        json.put("revision", System.getProperty("bandpass.revision", System.getenv("BANDPASS_REVISION")));
        json.put("java", System.getProperty("java.version"));
        json.put("kafka", AppInfoParser.getVersion());
        json.put("djl", Djl.version());
        json.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        json.put("processors", Runtime.getRuntime().availableProcessors());
        json.put("device", request.device());
        json.put("dtype", request.dtype());
        json.put("seed", request.seed());
        json.put("preset", model.name());
        json.set("config", model.config().json());
        json.set("recipe", RunFolder.JSON.valueToTree(recipe));
        json.put("tokenizerRevision", tokenizer.revision());
        json.put("cutsVersion", plan == null ? null : plan.getCutsVersion());
        json.put("scoringModelRevision", plan == null ? null : plan.getModelRevision());
        json.set(
                "settings",
                RunFolder.JSON.valueToTree(trainer.settings().settings().effective()));
        return json;
    }
}
