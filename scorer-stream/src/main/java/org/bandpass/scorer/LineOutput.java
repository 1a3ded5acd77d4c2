package org.bandpass.scorer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.function.Function;

/** Prints one result for each line of input, as JSON or for people. */
final class LineOutput {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintWriter out;
    private final boolean json;
    private boolean refused;

    LineOutput(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    static ObjectNode object(String id) {
        return JSON.createObjectNode().put("id", id);
    }

    /** Prints the result of each line; returns the exit code, 1 if any was refused. */
    int print(SourceTexts input, Function<TextLine, Object> result) {
        input.read(line -> out.println(result.apply(line)), this::refuse);
        out.flush();
        return refused ? 1 : 0;
    }

    /** Says on stderr why a line has no result, and with --json also in place of its result. */
    private void refuse(String id, RefusedLineException why) {
        refused = true;
        System.err.println(id + ": " + why.detail());
        if (json) {
            out.println(object(id).put("refused", why.reason()).put("detail", why.detail()));
        }
    }
}
