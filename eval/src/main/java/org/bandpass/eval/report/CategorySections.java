package org.bandpass.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bandpass.eval.chart.IntervalChart;
import org.bandpass.eval.figures.Difference;
import org.bandpass.eval.figures.GauntletFigures;
import org.bandpass.eval.figures.MeanScore;
import org.bandpass.eval.figures.PairedBootstrap;
import org.bandpass.eval.results.FinalScore;
import org.bandpass.eval.results.ProfileScores;
import org.jspecify.annotations.Nullable;

/** The page's sections about categories: the scores of runs in a profile, and their differences to the control. */
record CategorySections(ProfileScores scores, RunLooks looks) {

    private static final String AVERAGE = "average";
    private static final double POINTS = 100;
    private static final int PAPER_CONTEXT = 2048;

    /** Returns what the scores are of, for a heading. */
    String title() {
        String rows = scores.limit() == 0 ? "" : ", at most " + Words.count(scores.limit()) + " rows a task";
        return scores.profile().name() + rows;
    }

    Html categories() {
        Html html = new Html().heading("Gauntlet " + title() + ": categories");
        List<IntervalChart.Row> rows = new ArrayList<>();
        for (String name : names()) {
            IntervalChart.Row row = new IntervalChart.Row(ScoreWords.name(name), note(name), new ArrayList<>());
            scores.runs().forEach((id, score) -> {
                MeanScore mean = mean(score.figures(), name);
                if (mean.score() != null) {
                    row.points().add(point(id, mean.score(), mean.standardError()));
                }
            });
            rows.add(row);
        }
        rows.removeIf(row -> row.points().isEmpty());
        if (!rows.isEmpty()) {
            html.figure(
                    new IntervalChart(rows, new IntervalChart.Mark(0, "baseline"), IntervalChart.LOOSE)
                            .draw("Normalised scores by category", "normalised accuracy × 100"),
                    "(accuracy − baseline) ÷ (1 − baseline), not clamped: 0 is the baseline, 100 everything right. Thick"
                            + " bars are one standard error, thin ones 95 % intervals; the error is that of the rows, not"
                            + " of another training.");
        }
        return html.table("numbers", header(), tableRows()).add(remarks());
    }

    /** Returns the names of the categories, and of the average. */
    List<String> names() {
        return Stream.concat(categoryNames().stream(), Stream.of(AVERAGE)).toList();
    }

    private TreeSet<String> categoryNames() {
        TreeSet<String> names = new TreeSet<>();
        scores.profile().tasks().forEach(task -> names.add(task.category()));
        return names;
    }

    static MeanScore mean(GauntletFigures figures, String name) {
        MeanScore category = figures.categories().get(name);
        return category == null ? figures.average() : category;
    }

    private static @Nullable Difference difference(PairedBootstrap against, String name) {
        return name.equals(AVERAGE) ? against.average() : against.categories().get(name);
    }

    private IntervalChart.Point point(String run, double value, @Nullable Double error) {
        return new IntervalChart.Point(looks.series(run), POINTS * value, error == null ? 0 : POINTS * error);
    }

    /** Returns how much of a category was scored where that is not all. */
    private String note(String name) {
        List<String> remarks = scores.runs().values().stream()
                .map(score -> mean(score.figures(), name).remark())
                .distinct()
                .toList();
        return remarks.size() > 1 ? "partial, see the table" : String.join("", remarks);
    }

    private List<String> header() {
        List<String> header = new ArrayList<>(List.of("run", "step"));
        names().forEach(name -> header.add(ScoreWords.name(name)));
        header.add("longest prompt, tokens");
        return header;
    }

    private List<List<String>> tableRows() {
        List<List<String>> rows = new ArrayList<>();
        scores.runs().forEach((id, score) -> {
            List<String> row = new ArrayList<>(List.of(id, Words.count(score.step())));
            names().forEach(name -> row.add(ScoreWords.score(mean(score.figures(), name))));
            row.add(Words.count(score.longestPrompt()));
            rows.add(row);
        });
        return rows;
    }

    private Html remarks() {
        Html html = new Html();
        TreeSet<String> absent = new TreeSet<>();
        TreeSet<String> shortened = new TreeSet<>();
        scores.runs().forEach((id, score) -> {
            absent.addAll(score.figures().average().absent());
            if (score.longestPrompt() < PAPER_CONTEXT) {
                shortened.add(id);
            }
        });
        if (!absent.isEmpty()) {
            html.paragraph("how", "Partial averages are without " + Words.list(List.copyOf(absent)) + ".");
        }
        if (!shortened.isEmpty()) {
            html.paragraph(
                    "how",
                    "Prompts of " + Words.list(List.copyOf(shortened)) + " are cut to fewer than "
                            + Words.count(PAPER_CONTEXT)
                            + " tokens, so these scores do not compare with the paper's.");
        }
        return html;
    }

    /** The differences to the control, row by row; empty without a control. */
    Html differences() {
        Map<String, FinalScore> runs = scores.runs();
        List<IntervalChart.Row> drawn = new ArrayList<>();
        List<List<String>> table = new ArrayList<>();
        for (String name : names()) {
            IntervalChart.Row row = new IntervalChart.Row(ScoreWords.name(name), note(name), new ArrayList<>());
            runs.forEach((id, score) -> {
                Difference difference = score.against() == null ? null : difference(score.against(), name);
                if (difference != null) {
                    row.points().add(point(id, difference.difference(), difference.standardError()));
                    table.add(List.of(
                            ScoreWords.name(name),
                            id,
                            Words.count(difference.rows()),
                            ScoreWords.difference(difference)));
                }
            });
            drawn.add(row);
        }
        drawn.removeIf(row -> row.points().isEmpty());
        if (drawn.isEmpty()) {
            return new Html();
        }
        return new Html()
                .subheading("Difference to the control on the same rows")
                .figure(
                        new IntervalChart(drawn, new IntervalChart.Mark(0, "control"), IntervalChart.LOOSE)
                                .draw(
                                        "Difference to the control by category",
                                        "normalised accuracy × 100, minus the control's (right: higher)"),
                        "Paired bootstrap: rows are drawn again within each task, 1,000 times with a fixed seed. Both models"
                                + " answered the same rows, so their difficulty cancels out.")
                .table("sentences", List.of("category", "run", "rows", "difference to the control"), table);
    }
}
