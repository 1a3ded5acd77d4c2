package org.bandpass.eval.results;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What regressions over data mixtures read (for example RegMix, arXiv 2407.01492): one table with the domain shares of each
 * run's training data, one with its scores, both with a row a run in the same order. Comma-separated, quoted as RFC 4180
 * says; an unknown score is empty.
 */
public record MixtureTables(Results results) {

    private static final String RUN = "run";

    /** Returns shares of scored tokens by domain, which sum to 1 in each row. */
    public String mixture() {
        Map<String, Map<String, Double>> rows = new LinkedHashMap<>();
        for (RunResult run : results.runs().compared()) {
            Map<String, Amount> domains = domains(run);
            double tokens = domains.values().stream().mapToLong(Amount::tokens).sum();
            Map<String, Double> shares = new LinkedHashMap<>();
            new TreeSet<>(results.population().byDomain().keySet())
                    .forEach(domain -> shares.put(
                            domain, domains.getOrDefault(domain, Amount.NONE).tokens() / tokens));
            rows.put(run.name(), shares);
        }
        return table(rows);
    }

    private Map<String, Amount> domains(RunResult run) {
        return results.bands().stream()
                .filter(band -> band.name().equals(run.run().getBand()))
                .findFirst()
                .<Map<String, Amount>>map(BandResult::byDomain)
                .orElseGet(() -> results.population().byDomain());
    }

    /**
     * Returns the scores: bits per byte of held-out text, all and by domain, accuracy by task, the mean of the categories, and
     * imported scores.
     */
    public String scores() {
        Map<String, Map<String, Double>> rows = new LinkedHashMap<>();
        for (RunResult run : results.runs().compared()) {
            Map<String, Double> scores = new LinkedHashMap<>();
            HeldOutResult heldOut = run.heldOut();
            put(scores, "held-out", heldOut == null ? null : heldOut.bitsPerByte());
            run.heldOutByDomain().forEach((domain, one) -> put(scores, "held-out/" + domain, one.bitsPerByte()));
            run.tasks().forEach((task, one) -> put(scores, task, one.accuracy()));
            put(scores, "average", run.average());
            results.imported()
                    .getOrDefault(run.name(), List.of())
                    .forEach(one ->
                            put(scores, one.harness() + "/" + one.task() + "/" + one.metric(), (Double) one.value()));
            rows.put(run.name(), scores);
        }
        return table(rows);
    }

    private static void put(Map<String, Double> scores, String name, @Nullable Double score) {
        scores.put(name, score == null ? Double.NaN : score);
    }

    /** Columns appear in the order of the first row that has them. */
    private static String table(Map<String, Map<String, Double>> rows) {
        List<String> columns = rows.values().stream()
                .flatMap(row -> row.keySet().stream())
                .distinct()
                .toList();
        StringBuilder text = new StringBuilder(RUN);
        columns.forEach(column -> text.append(',').append(quoted(column)));
        text.append('\n');
        rows.forEach((run, values) -> {
            List<String> cells = new ArrayList<>(List.of(quoted(run)));
            for (String column : columns) {
                double value = values.getOrDefault(column, Double.NaN);
                cells.add(Double.isFinite(value) ? Double.toString(value) : "");
            }
            text.append(String.join(",", cells)).append('\n');
        });
        return text.toString();
    }

    private static String quoted(String text) {
        return text.matches("[^\",\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
