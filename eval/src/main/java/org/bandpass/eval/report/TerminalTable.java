package org.bandpass.eval.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bandpass.eval.results.BandResult;
import org.bandpass.eval.results.Results;
import org.bandpass.eval.results.RunResult;
import org.bandpass.service.Progress;
import org.jspecify.annotations.Nullable;

/** Prints the final table for a terminal: bands against the control, then how long each stage took. */
public final class TerminalTable {

    private TerminalTable() {}

    public static void print(Results results, PrintWriter out) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"trained on", "documents", "share", "tokens seen", "bits/byte", "cloze accuracy"});
        rows.add(row(
                results.runs().control(), "all (control)", results.population().count(), 1.0));
        for (BandResult band : results.bands()) {
            rows.add(row(
                    results.runs().bands().get(band.name()),
                    band.name(),
                    band.amount().documents(),
                    band.fraction()));
        }
        print(rows, out);
        printDifferences(results, out);
        Map<String, Double> durations = results.stages().seconds();
        if (!durations.isEmpty()) {
            List<String[]> stages = new ArrayList<>();
            stages.add(new String[] {"stage", "took"});
            durations.forEach((stage, seconds) -> stages.add(new String[] {stage, Words.seconds(seconds)}));
            stages.add(new String[] {"together", Progress.duration(Words.sum(durations.values()))});
            out.println();
            print(stages, out);
        }
        List<String> gaps = Gaps.of(results);
        if (!gaps.isEmpty()) {
            out.println();
            gaps.forEach(out::println);
        }
        out.flush();
    }

    private static void printDifferences(Results results, PrintWriter out) {
        if (results.runs().bands().isEmpty()) {
            return;
        }
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"against the control", "", ""});
        results.runs().bands().forEach((band, run) -> {
            rows.add(new String[] {band, "bits/byte", Words.heldOutDifference(run)});
            rows.add(new String[] {"", "cloze accuracy", Words.clozeDifference(run)});
        });
        out.println();
        print(rows, out);
        out.println();
        out.println(Words.seeds(results.runs()));
    }

    private static String[] row(@Nullable RunResult run, String trainedOn, long documents, @Nullable Double share) {
        return new String[] {
            trainedOn,
            Words.count(documents),
            Words.percent(share),
            run == null ? Words.UNKNOWN : Words.count(run.run().getTokens()),
            Words.bitsPerByte(run == null ? null : run.heldOut()),
            Words.accuracy(run == null ? null : run.cloze())
        };
    }

    /** Prints rows of cells below each other; the first row is the header. */
    static void print(List<String[]> rows, PrintWriter out) {
        int columns = rows.get(0).length;
        int[] widths = new int[columns];
        for (String[] row : rows) {
            Arrays.setAll(widths, c -> Math.max(widths[c], row[c].length()));
        }
        out.println(line(rows.get(0), widths));
        out.println("─".repeat(Arrays.stream(widths).sum() + 2 * (columns - 1)));
        rows.stream().skip(1).forEach(row -> out.println(line(row, widths)));
    }

    /** The first and the last column hold words, the others numbers. */
    private static String line(String[] row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < row.length; c++) {
            String padding = " ".repeat(widths[c] - row[c].length());
            boolean words = c == 0 || (c == row.length - 1 && row.length > 2);
            line.append(words ? row[c] + padding : padding + row[c]).append("  ");
        }
        return line.toString().stripTrailing();
    }
}
