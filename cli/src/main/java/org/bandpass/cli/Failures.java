package org.bandpass.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns a failure into one line on stderr and an exit code; --verbose adds the stack trace. */
final class Failures implements IExecutionExceptionHandler {

    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int CONFIGURATION = 3;

    @Override
    public int handleExecutionException(Exception thrown, CommandLine line, ParseResult arguments) {
        Explanation explanation = Explanation.of(thrown, paths(line));
        line.getErr().println("bandpass: " + explanation.sentence());
        if (line.getCommandSpec().root().userObject() instanceof Bandpass bandpass && bandpass.isVerbose()) {
            thrown.printStackTrace(line.getErr());
        } else if (!explanation.expected()) {
            line.getErr().println("bandpass: --verbose shows where it came from");
        }
        line.getErr().flush();
        return explanation.configuration() ? CONFIGURATION : FAILED;
    }

    static int usage(ParameterException thrown, String[] arguments) {
        CommandLine line = thrown.getCommandLine();
        line.getErr().println("bandpass: " + thrown.getMessage());
        UnmatchedArgumentException.printSuggestions(thrown, line.getErr());
        line.getErr().println("bandpass: see '" + line.getCommandSpec().qualifiedName() + " --help'");
        line.getErr().flush();
        return USAGE;
    }

    private static List<Path> paths(CommandLine line) {
        return line.getCommandSpec().options().stream()
                .map(OptionSpec::<Object>getValue)
                .filter(Path.class::isInstance)
                .map(Path.class::cast)
                .toList();
    }
}
