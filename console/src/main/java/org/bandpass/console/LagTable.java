package org.bandpass.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bandpass.console.Blocked.OpenTransaction;

/** Prints lags: a table for people, one JSON object a line for programs. */
final class LagTable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LAG = 3;
    private static final int PARTITIONS = 4;

    private LagTable() {}

    static void print(List<Lag> lags, PrintWriter out) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"PROGRAM", "GROUP", "TOPIC", "LAG", "PARTITIONS", "STATE"});
        lags.forEach(lag -> rows.add(new String[] {
            lag.program(), lag.group(), lag.topic(), documents(lag), Integer.toString(lag.partitions()), lag.state()
        }));
        int columns = rows.get(0).length;
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int c = 0; c < columns; c++) {
                widths[c] = Math.max(widths[c], row[c].length());
            }
        }
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < columns; c++) {
                boolean number = c == LAG || c == PARTITIONS;
                String padding = " ".repeat(widths[c] - row[c].length());
                line.append(number ? padding + row[c] : row[c] + padding).append("  ");
            }
            out.println(line.toString().stripTrailing());
        }
        out.flush();
    }

    static void printJson(List<Lag> lags, PrintWriter out) {
        Instant now = Instant.now();
        lags.forEach(lag -> out.println(json(lag, now)));
        out.flush();
    }

    private static ObjectNode json(Lag lag, Instant now) {
        ObjectNode line = JSON.createObjectNode()
                .put("program", lag.program())
                .put("group", lag.group())
                .put("topic", lag.topic())
                .put("lag", lag.documents())
                .put("exact", lag.exact())
                .put("atMost", lag.atMost())
                .put("partitions", lag.partitions())
                .put("state", lag.state())
                .put("from", lag.begin().from().name().toLowerCase(Locale.ROOT))
                .put("lost", lag.begin().lost())
                .put("blocked", lag.begin().blocked().offsets());
        OpenTransaction by = lag.begin().blocked().by();
        line.put("blockedBy", by == null ? null : by.owner())
                .put(
                        "blockedSeconds",
                        by == null ? null : Duration.between(by.since(), now).toSeconds());
        return line.put("problem", lag.begin().problem());
    }

    private static String documents(Lag lag) {
        if (lag.documents() == null) {
            return lag.begin().problem() == null ? "-" : "unknown";
        }
        return String.format(Locale.ROOT, lag.exact() ? "%,d" : "≥ %,d", lag.documents());
    }
}
