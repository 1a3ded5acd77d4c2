package org.bandpass.scorer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.config.ConfigDef;
import org.bandpass.languagemodel.DeviceOptions;
import org.bandpass.schemas.CatchUp;
import org.bandpass.service.ProgramOptions;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Scores the documents of the final split as they arrive. */
@Command(
        name = "score",
        description = {
            "Gives each document of the final split the likelihood that a reference model sees in it.",
            "Runs until it is stopped, unless --until-caught-up is given; scores go to scored-documents, in the partition and order of"
                    + " the documents. Start it several times, on as many machines as you like: they share the work."
        })
public final class ScoreCommand implements Callable<Integer> {

    private static final Duration STOP_DEADLINE = Duration.ofSeconds(30);

    @Mixin
    private ProgramOptions options = new ProgramOptions();

    @Option(
            names = "--model",
            paramLabel = "DIR",
            required = true,
            description = "The reference model: a HuggingFace folder with its tokenizer.json.")
    private Path model = Path.of("");

    @Option(
            names = "--devices",
            paramLabel = "DEVICE",
            split = ",",
            description = "cpu or cuda:N, several with commas: the model is on each of them (default: cpu).")
    private List<String> devices = new ArrayList<>();

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = "fp32 or bf16 (default: fp32 on a CPU, bf16 on a GPU).")
    private @Nullable String dtype;

    @Option(
            names = "--max-windows",
            paramLabel = "N",
            description = "Windows of the model's context scored in one document, 0 for all (setting"
                    + " scorer.max.windows).")
    private @Nullable Integer maxWindows;

    @Mixin
    private ContextTokenOption contextToken = new ContextTokenOption();

    @Option(names = "--until-caught-up", description = "End when all documents are scored that are there at the start.")
    private boolean untilCaughtUp;

    @Option(
            names = "--mix-revisions",
            description = "Add scores to a topic whose scores were made with another model, tokenizer, --dtype, cap on"
                    + " windows or context token.")
    private boolean mixRevisions;

    @Option(names = "--json", description = "Print one JSON object at the end.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Returns the program's own settings, with defaults and descriptions. */
    public static ConfigDef settings() {
        return ScorerSettings.definition();
    }

    @Override
    public Integer call() {
        if (devices.isEmpty()) {
            devices.add(DeviceOptions.CPU);
        }
        check();
        ScorerSettings settings = ScorerSettings.of(options.settings(settings()), maxWindows);
        try (Telemetry telemetry = options.telemetry(FlightRecords.PROGRAM);
                Stop stop = Stop.onSignal(STOP_DEADLINE);
                ReferenceModel opened = ModelOpener.open(model, devices, dtype, contextToken);
                ScorerOutput output =
                        new ScorerOutput(spec.commandLine().getOut(), json, new ScorerMeters(telemetry.registry()))) {
            System.err.println("score: " + opened.context().words());
            new Scorer(settings, opened, mixRevisions, ScoredDocumentWriter.producers(settings), output)
                    .follow(stop, untilCaughtUp ? CatchUp.PATIENCE : null, options.waitForTopics());
            output.finish(opened, settings.maxWindows());
            return 0;
        }
    }

    private void check() {
        for (String device : devices) {
            require(device.matches(DeviceOptions.DEVICE), "--devices takes cpu and cuda:N, not '" + device + "'");
        }
        require(
                devices.stream().distinct().count() == devices.size(),
                "--devices names a device twice: " + String.join(",", devices));
        require(dtype == null || dtype.matches(DeviceOptions.DTYPE), "--dtype is fp32 or bf16, not " + dtype);
        require(
                dtype != null || devices.size() == 1 || !devices.contains(DeviceOptions.CPU),
                "--devices with a CPU beside a GPU needs --dtype, or a score would depend on which of them made it");
        require(maxWindows == null || maxWindows >= 0, "--max-windows must not be negative: " + maxWindows);
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
