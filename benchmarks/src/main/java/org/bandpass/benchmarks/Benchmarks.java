package org.bandpass.benchmarks;

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
        System.exit(new CommandLine(new Benchmarks()).execute(arguments));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which benchmark? See 'bandpass bench --help'");
    }
}
