package org.bandpass.eval.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.bandpass.eval.results.ComparedRun;
import org.bandpass.eval.results.ProfileScores;
import org.bandpass.eval.results.RunComparison;

/** Prints a comparison of runs for a terminal: likelihood and cloze, then the categories of each profile. */
public final class RunsTable {

    private RunsTable() {}

    public static void print(RunComparison comparison, PrintWriter out) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"run", "tokens", "perplexity", "bits/byte", "cloze accuracy", "trained on"});
        for (ComparedRun run : comparison.runs()) {
            rows.add(new String[] {
                run.id(),
                run.training() == null
                        ? Words.UNKNOWN
                        : Words.count(run.training().getTokens()),
                Words.decimals(run.heldOut() == null ? null : run.heldOut().perplexity(), 2),
                Words.bitsPerByte(run.heldOut()),
                Words.accuracy(run.cloze()),
                RunLooks.trainedOn(run.training())
            });
        }
        TerminalTable.print(rows, out);
        RunLooks looks = new RunLooks(comparison);
        for (ProfileScores scores : comparison.profiles()) {
            out.println();
            print(new CategorySections(scores, looks), out);
        }
        List<String> gaps = RunGaps.of(comparison);
        if (!gaps.isEmpty()) {
            out.println();
            gaps.forEach(out::println);
        }
        out.flush();
    }

    /** A row for each category, a column for each run: category names are long, and runs few. */
    private static void print(CategorySections sections, PrintWriter out) {
        ProfileScores scores = sections.scores();
        List<String[]> rows = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of(sections.title()));
        header.addAll(scores.runs().keySet());
        header.add("");
        rows.add(header.toArray(String[]::new));
        for (String name : sections.names()) {
            List<String> row = new ArrayList<>(List.of(ScoreWords.name(name)));
            scores.runs()
                    .values()
                    .forEach(score -> row.add(ScoreWords.score(CategorySections.mean(score.figures(), name))));
            row.add("");
            rows.add(row.toArray(String[]::new));
        }
        TerminalTable.print(rows, out);
        List<String[]> differences = new ArrayList<>();
        differences.add(new String[] {"average", "", "difference to the control"});
        scores.runs().forEach((id, score) -> {
            if (score.against() != null) {
                differences.add(new String[] {
                    id, "", ScoreWords.difference(score.against().average())
                });
            }
        });
        if (differences.size() > 1) {
            out.println();
            TerminalTable.print(differences, out);
        }
    }
}
