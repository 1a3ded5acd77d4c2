package org.bandpass.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.bandpass.console.LagCommand;
import org.bandpass.eval.EvalCommand;
import org.bandpass.eval.ReportCommand;
import org.bandpass.ingest.IngestCommand;
import org.bandpass.scorer.PerplexityCommand;
import org.bandpass.scorer.ScoreCommand;
import org.bandpass.scorer.TokenizeCommand;
import org.bandpass.selector.AuditCommand;
import org.bandpass.selector.CalibrateCommand;
import org.bandpass.selector.CutsCommand;
import org.bandpass.selector.PlansCommand;
import org.bandpass.selector.ReplayCommand;
import org.bandpass.selector.SelectCommand;
import org.bandpass.service.ClusterOptions;
import org.bandpass.trainer.TokenizerCommand;
import org.bandpass.trainer.TrainCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The one command: a subcommand per program. */
@Command(
        name = "bandpass",
        versionProvider = Versions.class,
        synopsisSubcommandLabel = "COMMAND",
        header = {
            "Prunes language-model training data by perplexity, as a stream on Kafka.",
            "",
            "  ingest ─▶ documents ─▶ score ─▶ scored-documents ─▶ calibrate ─▶ cuts",
            "                                        └─▶ select ─▶ bands ─▶ train ─▶ eval",
            ""
        },
        footer = {"", "The whole experiment on this machine:  bandpass run --out DIR"},
        subcommands = {
            RunCommand.class,
            BrokerCommand.class,
            TopicsCommand.class,
            IngestCommand.class,
            TokenizerCommand.class,
            TrainCommand.class,
            ScoreCommand.class,
            CalibrateCommand.class,
            CutsCommand.class,
            SelectCommand.class,
            PlansCommand.class,
            ReplayCommand.class,
            AuditCommand.class,
            EvalCommand.class,
            ReportCommand.class,
            LagCommand.class,
            PerplexityCommand.class,
            TokenizeCommand.class,
            BenchCommand.class,
            ConfigCommand.class
        })
public final class Bandpass implements Runnable {

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Show more: stack traces, and the log of Kafka's clients.")
    private boolean verbose;

    @SuppressWarnings("UnusedVariable") // picocli reads it
    @Option(
            names = {"-h", "--help"},
            scope = ScopeType.INHERIT,
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @SuppressWarnings("UnusedVariable") // picocli reads it
    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show versions.")
    private boolean version;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Runs the command and leaves with its exit code: 0 done, 1 failed, 2 usage, 3 configuration. */
    public static void main(String[] arguments) {
        if (Arrays.stream(arguments).anyMatch(a -> a.equals("-v") || a.equals("--verbose"))) {
            // The first logger reads it.
            System.setProperty("bandpass.log.level", "INFO");
        } else {
            ClientWarnings.install();
        }
        System.exit(commandLine().execute(arguments));
    }

    /** Returns the whole command; each execution needs a new one. */
    static CommandLine commandLine() {
        return commandLine(System.getenv());
    }

    /** Returns the whole command with settings from these variables. */
    static CommandLine commandLine(Map<String, String> environment) {
        CommandLine line = new CommandLine(new Bandpass());
        line.setExecutionExceptionHandler(new Failures());
        line.setParameterExceptionHandler(Failures::usage);
        // The benchmark parses the arguments after its name.
        Objects.requireNonNull(line.getSubcommands().get("bench")).setStopAtPositional(true);
        line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        RunCommand run =
                Objects.requireNonNull(line.getSubcommands().get("run")).getCommand();
        run.environment(environment);
        clusterOptions(line).forEach(options -> {
            options.environment(environment);
            options.know(ConfigCommand.keys(), CalibrateCommand.streamsKeys());
        });
        return line;
    }

    /** Returns the Kafka options of a command and of its subcommands. */
    private static Stream<ClusterOptions> clusterOptions(CommandLine line) {
        Stream<ClusterOptions> own = line.getCommandSpec().mixins().values().stream()
                .map(CommandSpec::userObject)
                .filter(ClusterOptions.class::isInstance)
                .map(ClusterOptions.class::cast);
        return Stream.concat(own, line.getSubcommands().values().stream().flatMap(Bandpass::clusterOptions));
    }

    boolean isVerbose() {
        return verbose;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? See 'bandpass --help'");
    }
}
