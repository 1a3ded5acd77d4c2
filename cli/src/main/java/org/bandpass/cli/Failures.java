package org.bandpass.cli;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.bandpass.schemas.OpenTransactionException;
import org.bandpass.schemas.SchemaRegistryException;
import org.bandpass.service.ConfigurationException;
import org.bandpass.service.ProgramFailure;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into one line on stderr and an exit code; a stack trace only under --verbose. */
final class Failures implements IExecutionExceptionHandler {

    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int CONFIGURATION = 3;

    @Override
    public int handleExecutionException(Exception thrown, CommandLine line, ParseResult arguments) {
        Throwable cause = thrown;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        SchemaRegistryException registry = SchemaRegistryException.in(cause);
        if (registry != null) {
            cause = registry;
        }
        boolean expected = isExpected(cause);
        line.getErr().println("bandpass: " + sentence(cause, expected));
        if (isVerbose(arguments)) {
            thrown.printStackTrace(line.getErr());
        } else if (!expected) {
            line.getErr().println("bandpass: --verbose shows where it came from");
        }
        line.getErr().flush();
        return cause instanceof ConfigurationException ? CONFIGURATION : FAILED;
    }

    static int usage(ParameterException thrown, String[] arguments) {
        CommandLine line = thrown.getCommandLine();
        line.getErr().println("bandpass: " + thrown.getMessage());
        UnmatchedArgumentException.printSuggestions(thrown, line.getErr());
        line.getErr().println("bandpass: see '" + line.getCommandSpec().qualifiedName() + " --help'");
        line.getErr().flush();
        return USAGE;
    }

    /** Returns whether the message alone says what to do. */
    private static boolean isExpected(Throwable cause) {
        return cause instanceof ProgramFailure
                || cause instanceof ConfigurationException
                || cause instanceof SchemaRegistryException
                || cause instanceof OpenTransactionException;
    }

    private static String sentence(Throwable cause, boolean expected) {
        String message = cause.getMessage();
        if (message == null || message.isBlank()) {
            return cause.getClass().getSimpleName();
        }
        return expected ? message : cause.getClass().getSimpleName() + ": " + message;
    }

    private static boolean isVerbose(ParseResult arguments) {
        for (ParseResult level = arguments; level != null; level = level.hasSubcommand() ? level.subcommand() : null) {
            if (level.hasMatchedOption("--verbose")) {
                return true;
            }
        }
        return false;
    }
}
