package org.bandpass.selector.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;

/** Prints summaries, one JSON object a line. */
public final class SelectorJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private SelectorJson() {}

    public static ObjectNode object() {
        return JSON.createObjectNode();
    }

    public static void print(PrintWriter out, ObjectNode object) {
        try {
            out.println(JSON.writeValueAsString(object));
            out.flush();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON nodes can be written", e);
        }
    }
}
