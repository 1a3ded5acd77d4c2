package org.bandpass.scorer;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Runs a command in this process and keeps its output. */
final class CommandRun {

    /** The exit code, stdout, and the failure. */
    record Said(int code, String out, @Nullable Exception thrown) {}

    private CommandRun() {}

    static Said of(Callable<Integer> command, List<String> arguments) {
        StringWriter out = new StringWriter();
        Exception[] thrown = new Exception[1];
        CommandLine line = new CommandLine(command);
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(new StringWriter()));
        line.setExecutionExceptionHandler((e, ignored, result) -> {
            thrown[0] = e;
            return 1;
        });
        int code = line.execute(arguments.toArray(String[]::new));
        return new Said(code, out.toString(), thrown[0]);
    }

    /** Runs it with something on standard input. */
    static Said of(Callable<Integer> command, List<String> arguments, String input) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            return of(command, arguments);
        } finally {
            System.setIn(before);
        }
    }
}
