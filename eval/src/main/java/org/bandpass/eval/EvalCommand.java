package org.bandpass.eval;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.apache.kafka.common.config.ConfigDef;
import org.bandpass.eval.folder.CompareCommand;
import org.bandpass.eval.folder.EvaluateFolder;
import org.bandpass.eval.folder.EvaluateFolder.Tasks;
import org.bandpass.eval.folder.EvaluationFolder;
import org.bandpass.eval.folder.EvaluationJson;
import org.bandpass.eval.folder.EvaluationTable;
import org.bandpass.eval.folder.FolderEvaluation;
import org.bandpass.eval.folder.FolderOptions;
import org.bandpass.eval.folder.RowsFile;
import org.bandpass.eval.gauntlet.TaskRunner;
import org.bandpass.eval.imported.ImportCommand;
import org.bandpass.languagemodel.DeviceOptions;
import org.bandpass.service.ProgramFailure;
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

/** Evaluates each training run that finishes: held-out likelihood and a cloze suite. */
@Command(
        name = "eval",
        subcommands = {
            PromptsCommand.class,
            OverlapCommand.class,
            ImportCommand.class,
            CompareCommand.class,
            PowerCommand.class
        },
        description = {
            "Evaluates each training run that finishes: likelihood of held-out documents, a cloze suite made from"
                    + " them (choose the true order of three words; guessing gets 50 %%) and, with --gauntlet, the tasks"
                    + " of the paper's suite.",
            "Follows training-runs until it is stopped; results go to evaluations, row by row. A run whose"
                    + " model is not on this machine becomes a dead letter and can be evaluated later with --once.",
            "With --model and --gauntlet, and without --once, evaluates the model in a folder in the tasks of a profile;"
                    + " needs no Kafka."
        })
public final class EvalCommand implements Callable<Integer> {

    private static final Duration STOP_DEADLINE = Duration.ofSeconds(30);

    @Mixin
    private ProgramOptions options = new ProgramOptions();

    @Option(names = "--until-caught-up", description = "End after the finished runs that are there at the start.")
    private boolean untilCaughtUp;

    @Option(
            names = "--once",
            paramLabel = "RUN",
            description =
                    "Evaluate this finished run now, even if it was evaluated before, and end. Rows of the gauntlet"
                            + " that have a score keep it.")
    private @Nullable String once;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description =
                    "With --once: folder of the run's model on this machine. Without: a HuggingFace folder to evaluate"
                            + " in the tasks of --gauntlet.")
    private @Nullable Path model;

    @Mixin
    private GauntletOptions gauntlet = new GauntletOptions();

    @Option(
            names = "--step",
            split = ",",
            paramLabel = "N|all",
            description =
                    "With --once and --gauntlet: evaluate the checkpoints of these steps, or all that are there and"
                            + " the final model, in the tasks of the gauntlet only.")
    private List<String> steps = List.of();

    @Mixin
    private FolderOptions folder = new FolderOptions();

    @Mixin
    private DeviceOptions devices = new DeviceOptions();

    @Option(
            names = "--max-rows-per-domain",
            paramLabel = "N",
            description = "Most cloze questions of one domain (setting eval.cloze.rows.per.domain).")
    private @Nullable Integer maxRowsPerDomain;

    @Option(
            names = "--max-windows",
            paramLabel = "N",
            description = "Windows of the model's context scored in one held-out document, 0 for all (setting"
                    + " eval.held.out.max.windows).")
    private @Nullable Integer maxWindows;

    @Option(names = "--json", description = "Print one JSON object at the end instead of a line for each run.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Returns the program's own settings. */
    public static ConfigDef settings() {
        return EvalSettings.definition();
    }

    @Override
    public Integer call() {
        check();
        Gauntlet chosen = gauntlet.gauntlet();
        if (chosen != null) {
            tasks(chosen).requireData();
        }
        EvalSettings settings =
                EvalSettings.of(options.settings(EvalSettings.definition()), maxRowsPerDomain, maxWindows);
        if (model != null && chosen != null && once == null) {
            return evaluateFolder(model, chosen, settings.batchTokens());
        }
        try (Telemetry telemetry = options.telemetry(RunScore.PROGRAM);
                Stop stop = Stop.onSignal(STOP_DEADLINE)) {
            EvalOutput output = new EvalOutput(spec.commandLine().getOut(), json, new EvalMeters(telemetry.registry()));
            Evaluator evaluator = new Evaluator(
                    settings,
                    options.waitForTopics(),
                    chosen,
                    new FolderModels(devices.device(), devices.dtype()),
                    new EvaluationWriter(settings.topics(), EvaluationWriter.producers(settings)),
                    output);
            if (once == null) {
                evaluator.follow(stop, untilCaughtUp);
            } else if (!steps.isEmpty()) {
                evaluator.checkpoints(once, steps(), model, stop);
            } else {
                evaluator.once(once, model, stop);
            }
            output.finish();
            return 0;
        }
    }

    /** Returns the steps; none for all. */
    private List<Long> steps() {
        if (steps.equals(List.of("all"))) {
            return List.of();
        }
        try {
            return steps.stream().map(Long::valueOf).toList();
        } catch (NumberFormatException e) {
            throw new ParameterException(
                    spec.commandLine(), "--step must be numbers of steps or 'all', not " + String.join(",", steps), e);
        }
    }

    private static Tasks tasks(Gauntlet chosen) {
        return new Tasks(chosen.profile(), chosen.whole(), chosen.data());
    }

    /** Evaluates a folder without Kafka. */
    private int evaluateFolder(Path path, Gauntlet chosen, int batchTokens) {
        TaskRunner.Options scoring = new TaskRunner.Options(chosen.limit(), batchTokens);
        Tasks tasks = tasks(chosen);
        Path out = folder.out();
        if (out != null) {
            EvaluationFolder.create(out);
        }
        Path rowsFile = folder.rows();
        try (Stop stop = Stop.onSignal(STOP_DEADLINE);
                RunModel opened = new FolderModels(devices.device(), devices.dtype()).open(path);
                RowsFile rows = rowsFile == null ? null : RowsFile.create(rowsFile)) {
            FolderEvaluation evaluation = new EvaluateFolder(tasks, scoring, GauntletRows::row, rows, stop)
                    .evaluate(
                            opened,
                            new FolderEvaluation.Model(
                                    path.toString(), opened.likelihood().revision(), opened.tokenizerRevision()));
            show(evaluation);
            return 0;
        } catch (RefusedRunException e) {
            throw new ProgramFailure(e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new ProgramFailure("the model in " + path + " does not fit its tokenizer: " + e.getMessage(), e);
        } catch (CancellationException e) {
            spec.commandLine().getErr().println("stopped before the end; there is no score");
            return 1;
        }
    }

    private void show(FolderEvaluation evaluation) {
        PrintWriter writer = spec.commandLine().getOut();
        if (json) {
            writer.println(EvaluationJson.of(evaluation));
        } else {
            EvaluationTable.print(evaluation, writer);
        }
        writer.flush();
        Path out = folder.out();
        if (out != null) {
            EvaluationFolder.write(evaluation, out);
        }
    }

    private void check() {
        checkSteps();
        require(once == null || !untilCaughtUp, "--once and --until-caught-up exclude each other");
        require(
                model == null || once != null || gauntlet.isGiven(),
                "--model needs --gauntlet, to evaluate the folder in a profile's tasks, or --once, which names the run");
        checkFolder(model != null && once == null);
        require(
                maxRowsPerDomain == null || maxRowsPerDomain > 0,
                "--max-rows-per-domain must be 1 or more, not " + maxRowsPerDomain);
        require(maxWindows == null || maxWindows >= 0, "--max-windows must not be negative: " + maxWindows);
    }

    private void checkSteps() {
        require(
                steps.isEmpty() || (once != null && gauntlet.isGiven()),
                "--step needs --once, which names the run, and --gauntlet");
        require(
                steps.isEmpty() || steps().size() == 1 || model == null,
                "--model names the folder of one model; give one --step with it");
    }

    private void checkFolder(boolean folderOnly) {
        require(
                folderOnly || !folder.given(),
                "--out and --rows belong to an evaluation of a folder: --model and --gauntlet, without --once");
        require(
                !folderOnly || !untilCaughtUp,
                "--until-caught-up follows training runs; --model without --once evaluates a folder and ends");
        require(
                !folderOnly || (maxRowsPerDomain == null && maxWindows == null),
                "--max-rows-per-domain and --max-windows belong to the tasks of a training run, not to --gauntlet");
        for (String option : List.of("--bootstrap-servers", "--wait-for-topics", "--metrics-port")) {
            require(
                    !folderOnly || !spec.commandLine().getParseResult().hasMatchedOption(option),
                    option + " needs Kafka; --model without --once evaluates a folder without it");
        }
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
