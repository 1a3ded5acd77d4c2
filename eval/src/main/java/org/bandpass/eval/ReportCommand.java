package org.bandpass.eval;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import org.apache.kafka.common.config.ConfigDef;
import org.bandpass.eval.report.Page;
import org.bandpass.eval.report.TerminalTable;
import org.bandpass.eval.results.Results;
import org.bandpass.eval.results.ResultsJson;
import org.bandpass.eval.results.ResultsReader;
import org.bandpass.service.ClusterOptions;
import org.bandpass.service.ProgramFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the results of an experiment: results.json, report.html and a table on the terminal. */
@Command(
        name = "report",
        description = "Writes results.json and report.html of a plan, from the topics and from the stages' summaries in"
                + " DIR/stages, and prints the final table.")
public final class ReportCommand implements Callable<Integer> {

    static final String RESULTS = "results.json";
    static final String PAGE = "report.html";

    /** Read in a minute or two, and small enough for memory, whatever the topic holds. */
    private static final long MOST_RECORDS = 1 << 20;

    @Mixin
    private ClusterOptions options = new ClusterOptions();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Folder of the experiment; results.json and report.html are written there.")
    private Path out = Path.of("");

    @Option(
            names = "--plan",
            paramLabel = "NAME",
            defaultValue = "run",
            description = "Plan to report on (default: ${DEFAULT-VALUE}).")
    private String plan = "run";

    @Option(names = "--json", description = "Print results.json instead of the table.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Results results;
        try (ResultsReader reader = new ResultsReader(options.settings(new ConfigDef()), MOST_RECORDS)) {
            results = reader.read(plan, out);
        }
        String text = ResultsJson.text(results);
        write(RESULTS, text);
        write(PAGE, new Page(results).text());
        PrintWriter writer = spec.commandLine().getOut();
        if (json) {
            writer.print(text);
            writer.flush();
        } else {
            TerminalTable.print(results, writer);
        }
        System.err.println("bandpass: wrote " + out.resolve(PAGE) + " and " + out.resolve(RESULTS));
        return 0;
    }

    /** Writes a file at once: a reader never finds half of it. */
    private void write(String name, String text) {
        Path file = out.resolve(name);
        Path unfinished = out.resolve(name + ".unfinished");
        try {
            Files.createDirectories(out);
            Files.writeString(unfinished, text);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new ProgramFailure("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
