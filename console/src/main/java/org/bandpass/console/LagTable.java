package org.bandpass.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.bandpass.console.Blocked.OpenTransaction;

/** Prints lags: as a table, or as one JSON object a line. */
final class LagTable {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** The columns that are aligned to the right. */
    private static final Set<Integer> NUMBERS = Set.of(3, 4);

    private LagTable() {}

    static void print(List<Lag> lags, PrintWriter out) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"PROGRAM", "GROUP", "TOPIC", "LAG", "PARTITIONS", "STATE"});
        lags.forEach(lag -> rows.add(new String[] {
            lag.program(), lag.group(), lag.topic(), documents(lag), Integer.toString(lag.partitions()), lag.state()
        }));
        int[] widths = IntStream.range(0, rows.get(0).length)
                .map(c -> rows.stream().mapToInt(row -> row[c].length()).max().orElse(0))
                .toArray();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < row.length; c++) {
                String padding = " ".repeat(widths[c] - row[c].length());
                line.append(NUMBERS.contains(c) ? padding + row[c] : row[c] + padding)
                        .append("  ");
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
        OpenTransaction by = lag.blocked().by();
        return JSON.createObjectNode()
                .put("program", lag.program())
                .put("group", lag.group())
                .put("topic", lag.topic())
                .put("lag", lag.documents())
                .put("exact", lag.exact())
                .put("atMost", lag.atMost())
                .put("partitions", lag.partitions())
                .put("state", lag.state())
                .put("from", lag.from().name().toLowerCase(Locale.ROOT))
                .put("lost", lag.lost())
                .put("blocked", lag.blocked().offsets())
                .put("blockedBy", by == null ? null : by.owner())
                .put(
                        "blockedSeconds",
                        by == null ? null : Duration.between(by.since(), now).toSeconds())
                .put("problem", lag.problem());
    }

    private static String documents(Lag lag) {
        if (lag.documents() == null) {
            return lag.problem() == null ? "-" : "unknown";
        }
        return String.format(Locale.ROOT, lag.exact() ? "%,d" : "≥ %,d", lag.documents());
    }
}
