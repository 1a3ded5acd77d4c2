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

/** Scores the documents of the final split. */
@Command(
        name = "score",
        description = {
            "Computes the likelihood of each document of the final split under a reference model.",
            "Runs until it is stopped, unless --until-caught-up is given. Writes the scores to scored-documents, in the"
                    + " partition and order of the documents. Several scorers, on any number of machines, share the work."
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
            description = "cpu or cuda:N; separate several with commas (default: cpu). The model is loaded on each.")
    private List<String> devices = new ArrayList<>();

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = "fp32 or bf16 (default: fp32 on a CPU, bf16 on a GPU).")
    private @Nullable String dtype;

    @Option(
            names = "--max-windows",
            paramLabel = "N",
            description = "Windows of the model's context that are scored in one document, 0 for all (setting"
                    + " scorer.max.windows).")
    private @Nullable Integer maxWindows;

    @Mixin
    private ContextTokenOption contextToken = new ContextTokenOption();

    @Option(names = "--until-caught-up", description = "End when all documents that exist at the start are scored.")
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
                ScorerTally tally = new ScorerTally(spec.commandLine().getOut(), json, telemetry.registry())) {
            System.err.println("score: " + opened.context().words());
            new Scorer(settings, opened, mixRevisions, ScoredDocumentWriter.producers(settings), tally)
                    .follow(stop, untilCaughtUp ? CatchUp.PATIENCE : null, options.waitForTopics());
            tally.finish(opened, settings.maxWindows());
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
                "--devices with both a CPU and a GPU needs --dtype, or a score would depend on the device");
        require(maxWindows == null || maxWindows >= 0, "--max-windows must not be negative: " + maxWindows);
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
