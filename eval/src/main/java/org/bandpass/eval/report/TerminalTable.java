package org.bandpass.eval.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bandpass.eval.results.BandResult;
import org.bandpass.eval.results.HeldOutResult;
import org.bandpass.eval.results.Results;
import org.bandpass.eval.results.RunEvaluation;
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
                results.runs().control(),
                "all",
                results.population().tally().total().documents(),
                1.0));
        for (BandResult band : results.bands()) {
            rows.add(row(
                    results.runs().bands().get(band.name()),
                    band.name(),
                    band.amount().documents(),
                    band.fraction()));
        }
        print(rows, out);
        printDifferences(results, out);
        List<String[]> stages = new ArrayList<>();
        stages.add(new String[] {"stage", "took"});
        double all = 0;
        for (String stage : results.stages().names()) {
            Double seconds = results.stages().number(stage, "seconds");
            if (seconds != null) {
                stages.add(new String[] {stage, Words.seconds(seconds)});
                all += seconds;
            }
        }
        if (stages.size() > 1) {
            stages.add(new String[] {"together", Progress.duration(all)});
            out.println();
            print(stages, out);
        }
        if (!Gaps.of(results).isEmpty()) {
            out.println();
            Gaps.of(results).forEach(out::println);
        }
        out.flush();
    }

    private static void printDifferences(Results results, PrintWriter out) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"against the control", "", ""});
        results.runs().bands().forEach((band, run) -> {
            rows.add(new String[] {
                band, "bits/byte", Words.difference(run.evaluation().heldOut())
            });
            rows.add(new String[] {
                "", "cloze accuracy", Words.difference(run.evaluation().cloze())
            });
        });
        if (rows.size() > 1) {
            out.println();
            print(rows, out);
        }
    }

    private static String[] row(@Nullable RunResult run, String trainedOn, long documents, @Nullable Double share) {
        RunEvaluation evaluation = run == null ? RunEvaluation.NONE : run.evaluation();
        HeldOutResult heldOut = evaluation.heldOut();
        return new String[] {
            trainedOn.equals("all") ? "all (control)" : trainedOn,
            Words.count(documents),
            Words.percent(share),
            run == null ? Words.UNKNOWN : Words.count(run.run().getTokens()),
            Words.decimals(heldOut == null ? null : heldOut.bitsPerByte(), 4),
            Words.accuracy(evaluation.cloze())
        };
    }

    private static void print(List<String[]> rows, PrintWriter out) {
        int columns = rows.get(0).length;
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int c = 0; c < columns; c++) {
                widths[c] = Math.max(widths[c], row[c].length());
            }
        }
        for (int r = 0; r < rows.size(); r++) {
            out.println(line(rows.get(r), widths));
            if (r == 0) {
                out.println("─".repeat(Arrays.stream(widths).sum() + 2 * (columns - 1)));
            }
        }
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
