package org.bandpass.eval;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.apache.kafka.common.config.ConfigDef;
import org.bandpass.eval.profile.Profile;
import org.bandpass.eval.report.Page;
import org.bandpass.eval.report.RunGaps;
import org.bandpass.eval.report.RunsPage;
import org.bandpass.eval.report.RunsTable;
import org.bandpass.eval.report.TerminalTable;
import org.bandpass.eval.results.MixtureTables;
import org.bandpass.eval.results.Results;
import org.bandpass.eval.results.ResultsJson;
import org.bandpass.eval.results.ResultsReader;
import org.bandpass.eval.results.RunComparison;
import org.bandpass.eval.results.RunsJson;
import org.bandpass.eval.results.RunsReader;
import org.bandpass.service.ClusterOptions;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the results of an experiment, or the evaluations of any runs: JSON, a page and a table on the terminal. */
@Command(
        name = "report",
        description = {
            "Without RUN: writes results.json and report.html of a plan, from the topics and from the stages' summaries in"
                    + " DIR/stages, and prints the final table.",
            "With RUN: compares any runs with the control by their evaluations, in runs.json and runs.html: scores by"
                    + " category and task, score over training tokens, perplexity and score, domains of the training data,"
                    + " and the paper's published scores."
        })
public final class ReportCommand implements Callable<Integer> {

    static final String RESULTS = "results.json";
    static final String PAGE = "report.html";
    static final String MIXTURE = "mixture.csv";
    static final String SCORES = "scores.csv";
    static final String RUNS = "runs.json";
    static final String RUNS_PAGE = "runs.html";

    /** Read in a minute or two, and small enough for memory, whatever the topic holds. */
    private static final long MOST_RECORDS = 1 << 20;

    @Mixin
    private ClusterOptions options = new ClusterOptions();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Folder that the files are written to; without RUN that of the experiment. With RUN the default"
                            + " is this folder.")
    private @Nullable Path out;

    @Option(
            names = "--plan",
            paramLabel = "NAME",
            defaultValue = "run",
            description = "Plan to report on (default: ${DEFAULT-VALUE}).")
    private String plan = "run";

    @Option(
            names = "--mixture",
            description =
                    "Without RUN: write mixture.csv and scores.csv, too, for regressions over data mixtures: a row for"
                            + " each run, with the shares of the domains in its data, and with its scores.")
    private boolean mixture;

    @Parameters(paramLabel = "RUN", arity = "0..*", description = "Ids of training runs to compare.")
    private List<String> runs = List.of();

    @Option(
            names = "--against",
            paramLabel = "RUN",
            description = "With RUN: run to compare with (default: the control).")
    private @Nullable String against;

    @Option(
            names = "--profile",
            paramLabel = "NAME|FILE",
            description = "With RUN: show only the scores in this profile; the JSON file of a profile of your own.")
    private @Nullable String profile;

    @Option(names = "--json", description = "Print the JSON instead of the table.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (runs.isEmpty()) {
            reportPlan();
        } else {
            if (mixture) {
                throw new ParameterException(
                        spec.commandLine(), "--mixture is about the bands of a plan and takes no RUN");
            }
            reportRuns(runs);
        }
        return 0;
    }

    private void reportPlan() {
        if (out == null || against != null || profile != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    out == null
                            ? "Missing required option: '--out=DIR' (or name the runs to compare)"
                            : "--against and --profile need RUN: the runs to compare");
        }
        Path folder = out;
        Results results;
        try (ResultsReader reader = new ResultsReader(options.settings(new ConfigDef()), MOST_RECORDS)) {
            results = reader.read(plan, folder);
        }
        String text = ResultsJson.text(results);
        write(folder, RESULTS, text);
        write(folder, PAGE, new Page(results).text());
        if (mixture) {
            MixtureTables tables = new MixtureTables(results);
            write(folder, MIXTURE, tables.mixture());
            write(folder, SCORES, tables.scores());
            System.err.println("bandpass: wrote " + folder.resolve(MIXTURE) + " and " + folder.resolve(SCORES));
        }
        print(text, writer -> TerminalTable.print(results, writer));
        System.err.println("bandpass: wrote " + folder.resolve(PAGE) + " and " + folder.resolve(RESULTS));
    }

    private void reportRuns(List<String> named) {
        Path folder = out == null ? Path.of("") : out;
        RunsReader.Selection selection =
                new RunsReader.Selection(named, against, profile == null ? null : Profile.named(profile));
        RunComparison comparison;
        try (RunsReader reader = new RunsReader(options.settings(new ConfigDef()), MOST_RECORDS)) {
            comparison = reader.read(selection);
        }
        String text = RunsJson.text(comparison, RunGaps.of(comparison));
        write(folder, RUNS, text);
        write(folder, RUNS_PAGE, new RunsPage(comparison).text());
        print(text, writer -> RunsTable.print(comparison, writer));
        System.err.println("bandpass: wrote " + folder.resolve(RUNS_PAGE) + " and " + folder.resolve(RUNS));
    }

    private void print(String text, Consumer<PrintWriter> table) {
        PrintWriter writer = spec.commandLine().getOut();
        if (json) {
            writer.print(text);
            writer.flush();
        } else {
            table.accept(writer);
        }
    }

    /** Writes a file at once: a reader never finds half of it. */
    private static void write(Path folder, String name, String text) {
        Path file = folder.resolve(name);
        Path unfinished = folder.resolve(name + ".unfinished");
        try {
            Files.createDirectories(folder.toAbsolutePath());
            Files.writeString(unfinished, text);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new ProgramFailure("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
