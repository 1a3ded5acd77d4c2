package org.bandpass.scorer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;

/** Prints one result for each line of input, as JSON or for people, and remembers whether any was refused. */
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

    void print(Object result) {
        out.println(result);
    }

    /** Says why a line has no result: on stderr, and with --json in its place. */
    void refuse(RefusedLineException why) {
        refused = true;
        System.err.println(why.id() + ": " + why.detail());
        if (json) {
            out.println(object(why.id()).put("refused", why.reason()).put("detail", why.detail()));
        }
    }

    /** Ends the output; returns the exit code. */
    int finish() {
        out.flush();
        return refused ? 1 : 0;
    }
}
