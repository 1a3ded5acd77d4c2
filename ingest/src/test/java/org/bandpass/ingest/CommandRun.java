package org.bandpass.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Output and exit code of one execution of the command. */
record CommandRun(
        int code, String out, String talk, @Nullable Exception thrown) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static CommandRun by(List<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter talk = new StringWriter();
        Exception[] thrown = new Exception[1];
        CommandLine line = new CommandLine(new IngestCommand());
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(talk));
        line.setExecutionExceptionHandler((e, command, result) -> {
            thrown[0] = e;
            return 1;
        });
        int code = line.execute(arguments.toArray(new String[0]));
        return new CommandRun(code, out.toString(), talk.toString(), thrown[0]);
    }

    /** Returns the lines of output as JSON. */
    List<JsonNode> lines() {
        List<JsonNode> lines = new ArrayList<>();
        out.lines().forEach(line -> lines.add(parse(line)));
        return lines;
    }

    /** Returns the one line of output as JSON. */
    JsonNode summary() {
        List<JsonNode> lines = lines();
        if (lines.size() != 1) {
            throw new AssertionError(lines.size() + " lines of output: " + out + talk, thrown);
        }
        return lines.get(0);
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + line, e);
        }
    }
}
