package org.bandpass.selector.runtime;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Locale;

/** One result of a command: JSON in one line for programs, text for people. */
public record Summary(ObjectNode json, String text) {

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Formats with a dot before decimals and commas between thousands. */
    public static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    public void print(PrintWriter out, boolean asJson) {
        out.println(asJson ? json.toString() : text);
        out.flush();
    }
}
