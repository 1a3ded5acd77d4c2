package org.bandpass.benchmarks;

import java.nio.file.NoSuchFileException;
import org.bandpass.service.ProgramFailure;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The one entry: a subcommand per benchmark. */
@Command(
        name = "bandpass bench",
        description = "Measures; prints ratios within one run.",
        subcommands = {
            DigestBenchmark.class,
            SelectorBenchmark.class,
            IngestBenchmark.class,
            ScorerBenchmark.class,
            ModelBenchmark.class,
            TrainerBenchmark.class,
            EvalBenchmark.class,
            PagesBenchmark.class
        })
public final class Benchmarks implements Runnable {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // its presence says it all
    private boolean help;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Runs the benchmark that the first argument names. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** Returns the command. A failure that a user can mend is one line; any other has its stack trace. */
    static CommandLine commandLine() {
        return new CommandLine(new Benchmarks()).setExecutionExceptionHandler((thrown, line, arguments) -> {
            String message = thrown instanceof NoSuchFileException ? "no such file: " : "";
            if (message.isEmpty() && !(thrown instanceof ProgramFailure)) {
                throw thrown;
            }
            line.getErr().println("bandpass: " + message + thrown.getMessage());
            return line.getCommandSpec().exitCodeOnExecutionException();
        });
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which benchmark? See 'bandpass bench --help'");
    }
}
