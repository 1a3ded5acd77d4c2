package org.bandpass.trainer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import org.apache.kafka.common.config.ConfigDef;
import org.bandpass.languagemodel.DeviceOptions;
import org.bandpass.languagemodel.ModelPreset;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.service.ProgramOptions;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;
import org.bandpass.trainer.data.RunData;
import org.bandpass.trainer.file.TokenizerFiles;
import org.bandpass.trainer.run.RunRequest;
import org.bandpass.trainer.run.TrainOutput;
import org.bandpass.trainer.run.TrainedModel;
import org.bandpass.trainer.run.Trainer;
import org.bandpass.trainer.run.TrainerMeters;
import org.bandpass.trainer.run.TrainerSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains a model on the reference split, on all scored documents or on a band. */
@Command(
        name = "train",
        description = {
            "Trains a model on the reference split, on all scored documents (the control) or on a band.",
            "The data are what the topic holds at the start, in an order that the seed decides. The run is recorded in"
                    + " training-runs, its model is written to DIR/model. After a kill at any moment, --resume continues"
                    + " the run and gives the same model."
        })
public final class TrainCommand implements Callable<Integer> {

    @Mixin
    private ProgramOptions options = new ProgramOptions();

    @Option(
            names = "--run",
            paramLabel = "NAME",
            required = true,
            description = "Name of the run: letters, digits, '.', '_' and '-'.")
    private String run = "";

    @Option(names = "--reference", description = "Train on the reference split of documents.")
    private boolean reference;

    @Option(names = "--control", description = "Train on all scored documents, as the control of the bands.")
    private boolean control;

    @Option(names = "--plan", paramLabel = "PLAN", description = "Train on a band of this plan.")
    private @Nullable String plan;

    @Option(names = "--band", paramLabel = "BAND", description = "Train on this band of the plan.")
    private @Nullable String band;

    @Option(
            names = "--tokenizer",
            paramLabel = "DIR",
            required = true,
            description = "Folder with a tokenizer.json; the model has its vocabulary.")
    private Path tokenizer = Path.of("");

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            required = true,
            description = "Shape and recipe of the model: ${COMPLETION-CANDIDATES}.",
            completionCandidates = PresetNames.class)
    private String preset = "";

    @Option(names = "--tokens", paramLabel = "N", description = "Tokens to train on (default: 20 for each parameter).")
    private @Nullable Long tokens;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            description = "Minutes to train, instead of tokens; a measurement at the start gives the number of steps.")
    private @Nullable Double minutes;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "17",
            description = "Seed of the weights and of the order of the data (default: ${DEFAULT-VALUE}).")
    private long seed = 17;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Folder of the run, for its checkpoints and its model.")
    private Path out = Path.of("");

    @Option(names = "--resume", description = "Continue the run in DIR; begin it where DIR is empty.")
    private boolean resume;

    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            description = "Peak of the learning rate (default: the preset's). With --resume the run continues with it,"
                    + " for example after it has diverged; the manifest says from which step on.")
    private @Nullable Double learningRate;

    @Mixin
    private DeviceOptions devices = new DeviceOptions();

    @Option(
            names = "--checkpoint-every",
            paramLabel = "STEPS",
            description = "Steps between checkpoints (default: by time, setting trainer.checkpoint.interval.ms).")
    private @Nullable Long checkpointEvery;

    @Option(names = "--json", description = "Print one JSON object at the end instead of a line.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public static ConfigDef settings() {
        return TrainerSettings.definition();
    }

    @Override
    public Integer call() {
        check();
        ModelPreset shape = shape();
        TrainerSettings settings = TrainerSettings.of(options.settings(settings()));
        try (Telemetry telemetry = options.telemetry(RunData.PROGRAM);
                Stop stop = Stop.onSignal(Duration.ofMinutes(2));
                TextTokenizer ids = TokenizerFiles.load(tokenizer)) {
            TrainedModel model = TrainedModel.of(shape, ids.vocabularySize());
            require(
                    tokens == null || tokens >= model.sequenceTokens(),
                    "--tokens must be at least one row of preset " + preset + ", " + model.sequenceTokens()
                            + " tokens, not " + tokens);
            TrainOutput output = new TrainOutput(spec.commandLine().getOut(), json);
            new Trainer(settings, new TrainerMeters(telemetry.registry()), output, stop).train(request(), model, ids);
            return 0;
        }
    }

    private RunRequest request() {
        return new RunRequest(
                run,
                new RunRequest.Choice(reference, plan, band),
                tokenizer,
                tokens,
                minutes,
                seed,
                out,
                resume,
                options.waitForTopics(),
                devices.device(),
                devices.dtype(),
                checkpointEvery == null ? 0 : checkpointEvery,
                learningRate);
    }

    private ModelPreset shape() {
        try {
            return ModelPreset.named(preset);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--preset: " + e.getMessage(), e);
        }
    }

    private void check() {
        require(
                run.matches("[A-Za-z0-9._-]{1,100}"),
                "--run is at most 100 letters, digits, '.', '_' and '-', not '" + run + "'");
        boolean ofBand = plan != null || band != null;
        int choices = (reference ? 1 : 0) + (control ? 1 : 0) + (ofBand ? 1 : 0);
        require(choices == 1, "give one of --reference, --control, or --plan with --band");
        require(!ofBand || plan != null && band != null, "--plan and --band go together");
        require(tokens == null || minutes == null, "--tokens and --minutes exclude each other");
        checkNumbers();
    }

    private void checkNumbers() {
        require(minutes == null || minutes > 0 && minutes < 1e6, "--minutes must be above 0, not " + minutes);
        require(
                learningRate == null || learningRate > 0 && learningRate < 1,
                "--learning-rate must be above 0 and below 1, not " + learningRate);
        require(
                checkpointEvery == null || checkpointEvery > 0,
                "--checkpoint-every must be 1 or more, not " + checkpointEvery);
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    /** Names of the presets, for help. */
    static final class PresetNames extends ArrayList<String> {
        PresetNames() {
            super(ModelPreset.names());
        }
    }
}
