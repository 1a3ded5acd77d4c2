package org.bandpass.eval;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.bandpass.eval.figures.EvaluationSummary;
import org.bandpass.eval.figures.PairedComparison;
import org.bandpass.languagemodel.DeviceOptions;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.EvaluationResult;
import org.bandpass.schemas.RunRole;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.service.ClusterOptions;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures how well the held-out documents and the cloze suite tell two models apart. */
@Command(
        name = "power",
        description = {
            "Scores two model folders on the held-out documents and the cloze suite of the topics, and prints how many"
                    + " standard errors their paired differences are. Writes nothing to the topics.",
            "With a model and a checkpoint of its training it measures what these tasks can show: three standard errors or"
                    + " more are a clear difference."
        })
public final class PowerCommand implements Callable<Integer> {

    private static final double NANOS = 1e9;

    @Mixin
    private ClusterOptions options = new ClusterOptions();

    @Parameters(paramLabel = "MODEL", index = "0", description = "HuggingFace folder of a model.")
    private Path model = Path.of("");

    @Parameters(paramLabel = "OTHER", index = "1", description = "HuggingFace folder of a model to compare it with.")
    private Path other = Path.of("");

    @Mixin
    private DeviceOptions devices = new DeviceOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        for (Path folder : List.of(model, other)) {
            if (!Files.isDirectory(folder)) {
                throw new ProgramFailure("there is no folder " + folder);
            }
        }
        EvalSettings settings = EvalSettings.of(options.settings(EvalSettings.definition()), null, null);
        HeldOutSplit split = new HeldOutSplit(settings);
        try (Admin admin = Admin.create(settings.kafka());
                Consumer<byte[], byte[]> reader = Clients.reader(settings.kafka(), settings.topics())) {
            split.read(admin, reader);
        }
        List<EvaluationTask> tasks = List.of(
                new AnswerCloze(settings.cloze(), settings.batchTokens(), split.cloze()),
                new ScoreHeldOut(settings.heldOut(), settings.batchTokens(), split.sample()));
        EvaluationSummary summary = summary(tasks, new FolderModels(devices.device(), devices.dtype()));
        for (EvaluationTask task : tasks) {
            print(task.name(), summary);
        }
        return 0;
    }

    private EvaluationSummary summary(List<EvaluationTask> tasks, RunModel.Opener models) {
        List<EvaluationResult> results = new ArrayList<>();
        for (Path folder : List.of(model, other)) {
            try (RunModel opened = models.open(folder)) {
                for (EvaluationTask task : tasks) {
                    long began = System.nanoTime();
                    TaskScore score = task.score(opened, (done, total) -> {});
                    System.err.printf(
                            Locale.ROOT,
                            "%s: %,d %s of %s in %.1f s%n",
                            folder,
                            score.rows().size(),
                            task.unit(),
                            task.name(),
                            (System.nanoTime() - began) / NANOS);
                    results.addAll(
                            score.records(named(folder), opened.likelihood().revision(), Integer.MAX_VALUE));
                }
            } catch (RefusedRunException e) {
                throw new ProgramFailure(e.getMessage(), e);
            }
        }
        return EvaluationSummary.of(results);
    }

    private static TrainingRun named(Path folder) {
        return TrainingRun.newBuilder()
                .setRunId(folder.toString())
                .setState(RunState.FINISHED)
                .setRole(RunRole.CONTROL)
                .setTopic("")
                .setSeed(0)
                .setUpdatedAt(Instant.EPOCH)
                .build();
    }

    private void print(String name, EvaluationSummary summary) {
        EvaluationSummary.Task first = summary.task(model.toString(), name);
        EvaluationSummary.Task second = summary.task(other.toString(), name);
        if (first == null || second == null) {
            throw new ProgramFailure(model + " and " + other + " are the same folder");
        }
        PrintWriter out = spec.commandLine().getOut();
        PairedComparison paired = PairedComparison.of(first, second);
        if (paired.answered() > 0) {
            out.println(line(
                    name + " accuracy",
                    paired.answered(),
                    new Double[] {first.all().accuracy(), second.all().accuracy(), paired.accuracyDifference()},
                    paired.accuracyError()));
        }
        out.println(line(
                name + " bits/byte",
                paired.rows(),
                new Double[] {first.all().bitsPerByte(), second.all().bitsPerByte(), paired.bitsPerByteDifference()},
                paired.bitsPerByteError()));
        out.flush();
    }

    private static String line(String name, long rows, @Nullable Double[] values, @Nullable Double error) {
        Double difference = values[2];
        return String.format(
                Locale.ROOT,
                "%-20s %,7d rows  %s against %s: difference %s ± %s, %s standard errors",
                name,
                rows,
                number(values[0]),
                number(values[1]),
                number(difference),
                number(error),
                difference == null || error == null || error == 0
                        ? "–"
                        : String.format(Locale.ROOT, "%.1f", difference / error));
    }

    private static String number(@Nullable Double value) {
        return value == null ? "–" : String.format(Locale.ROOT, "%.4f", value);
    }
}
