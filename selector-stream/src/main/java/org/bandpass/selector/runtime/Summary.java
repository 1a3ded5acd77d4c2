package org.bandpass.selector.runtime;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * What a command prints of one thing.
 *
 * @param json for programs, one line
 * @param text for people, one line or more, without the last line break
 */
public record Summary(ObjectNode json, String text) {

    /** Returns an empty object. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Returns text with numbers as everywhere in Bandpass: a dot before decimals, commas between thousands. */
    public static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** Prints the one or the other. */
    public void print(PrintWriter out, boolean asJson) {
        out.println(asJson ? json.toString() : text);
        out.flush();
    }
}
