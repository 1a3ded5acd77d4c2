package org.bandpass.trainer.run;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.bandpass.languagemodel.TrainingRecipe;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.service.ProgramFailure;
import org.bandpass.trainer.data.DataSet;
import org.bandpass.trainer.data.DocumentDecoder;
import org.bandpass.trainer.data.RunData;
import org.bandpass.trainer.data.ScanDocuments;
import org.bandpass.trainer.data.TrainerCluster;
import org.jspecify.annotations.Nullable;

/** Finds what a run is trained on and whether it begins or continues; writes {@code run.json} when it begins. */
final class PrepareRun {

    /** Share of the measured speed to expect: a schedule that ends early is better than one that is cut off. */
    private static final double EXPECTED_SPEED = 0.9;

    private static final double SECONDS_PER_MINUTE = 60;

    private final Trainer trainer;
    private final TrainerSettings settings;
    private final RunRequest request;
    private final TrainedModel model;
    private final TextTokenizer tokenizer;
    private final RunFolder folder;
    private final TrainerCluster cluster;
    private final Consumer<byte[], byte[]> reader;

    PrepareRun(
            Trainer trainer,
            RunRequest request,
            TrainedModel model,
            TextTokenizer tokenizer,
            RunFolder folder,
            TrainerCluster cluster,
            Consumer<byte[], byte[]> reader) {
        this.trainer = trainer;
        this.settings = trainer.settings();
        this.request = request;
        this.model = model;
        this.tokenizer = tokenizer;
        this.folder = folder;
        this.cluster = cluster;
        this.reader = reader;
    }

    /**
     * Prepares the run, and takes it over once it is clear that it can be trained.
     *
     * @throws ProgramFailure if there is nothing to train on, or the folder's run is another one
     */
    PreparedRun prepare(RunWriter writer) {
        Plan plan = plan();
        RunData data = locate();
        // Only now, so that nothing is made under a mistyped prefix.
        cluster.ensure(
                List.of(settings.topics().trainingRuns(), settings.topics().deadLetters(RunData.PROGRAM)));
        Map<String, String> identity = request.identity(data, model, tokenizer.revision(), settings);
        RunDefinition known = folder.definition();
        if (known == null) {
            writer.takeOver();
            return begin(data, identity, plan, null);
        }
        requireSame(known, identity);
        writer.takeOver();
        TrainingRun reported = cluster.run(reader, request.run());
        Checkpoint last = folder.lastCheckpoint();
        // A run killed before its first record has not reported its refusals, so it starts over.
        boolean begun =
                last != null || reported != null && reported.getSnapshot().equals(known.snapshot());
        return begun ? resume(data, known, last, reported) : begin(data, identity, plan, reported);
    }

    private PreparedRun resume(
            RunData data, RunDefinition known, @Nullable Checkpoint last, @Nullable TrainingRun reported) {
        if (last != null && last.progress().endedBy() != null) {
            return new PreparedRun(request, data, model, known, null, last, reported, false, Map.of());
        }
        RunDefinition definition =
                atRate(known, last == null ? 0 : last.progress().steps());
        DataSet documents =
                scan(data).scan(reader, DataSet.snapshot(data.topic().name(), definition.snapshot()));
        requireUnchanged(definition, documents);
        return new PreparedRun(request, data, model, definition, documents, last, reported, false, Map.of());
    }

    private RunDefinition atRate(RunDefinition known, long step) {
        Double rate = request.learningRate();
        String dtype = request.compute().dtype();
        if (rate == null
                || rate
                        == model.recipe(known.budget(), dtype, known.learningRate())
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
        DataSet documents = scan.scan(reader, cluster.snapshot(reader, data.topic()));
        if (documents.documents() == 0) {
            throw new ProgramFailure("there is nothing to train on: " + data.emptyWords());
        }
        StepBudget budget = budget();
        TrainingRecipe recipe = model.recipe(budget, request.compute().dtype(), request.learningRate());
        RunDefinition definition = new RunDefinition(
                identity,
                budget,
                documents.ranges(),
                request.learningRate(),
                Manifest.of(request, settings, model, recipe, tokenizer.revision(), plan));
        folder.define(definition);
        return new PreparedRun(request, data, model, definition, documents, null, reported, true, scan.letters());
    }

    private @Nullable Plan plan() {
        RunRequest.Choice choice = request.choice();
        return choice.plan() == null || choice.band() == null
                ? null
                : cluster.plan(reader, choice.plan(), choice.band());
    }

    private RunData locate() {
        RunRequest.Choice choice = request.choice();
        Topics topics = settings.topics();
        if (choice.reference()) {
            cluster.require(topics.documents(), "ingest some documents first ('bandpass ingest')");
            return RunData.reference(topics.documents());
        }
        if (choice.plan() == null || choice.band() == null) {
            cluster.require(settings.scoredTopic(), "score some documents first ('bandpass score')");
            return RunData.control(settings.scoredTopic());
        }
        RunData band = RunData.band(choice.plan(), choice.band(), topics.band(choice.plan(), choice.band()));
        cluster.require(band.topic(), "'bandpass select --plan " + choice.plan() + "' makes and fills it");
        return band;
    }

    private void requireSame(RunDefinition known, Map<String, String> identity) {
        List<String> differences = known.differences(identity);
        if (!differences.isEmpty()) {
            throw new ProgramFailure("the run in " + request.out() + " was begun with other settings: "
                    + String.join("; ", differences) + ". Resume it as it was begun, or choose another --out");
        }
    }

    private ScanDocuments scan(RunData data) {
        DocumentDecoder decoder = settings.decoder(data, tokenizer);
        return new ScanDocuments(decoder, settings.shuffle().blockRecords(), trainer.stop());
    }

    private void requireUnchanged(RunDefinition known, DataSet dataSet) {
        if (!known.snapshot().equals(dataSet.ranges())) {
            throw new ProgramFailure("the topic no longer holds what run '" + request.run() + "' began with: "
                    + known.snapshot() + " then, " + dataSet.ranges() + " now; the run cannot continue");
        }
    }

    private StepBudget budget() {
        int width = model.sequenceTokens();
        Double minutes = request.amount().minutes();
        if (minutes == null) {
            return StepBudget.of(request.amount().tokensFor(model.config().parameters()), model.rowsPerStep(), width);
        }
        double speed = MeasureSpeed.tokensPerSecond(model, request.compute());
        long tokens = (long) (speed * EXPECTED_SPEED * minutes * SECONDS_PER_MINUTE);
        return StepBudget.of(Math.max(tokens, width), model.rowsPerStep(), width);
    }
}
