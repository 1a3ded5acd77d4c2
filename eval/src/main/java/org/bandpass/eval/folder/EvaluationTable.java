package org.bandpass.eval.folder;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bandpass.eval.figures.GauntletFigures;
import org.bandpass.eval.figures.MeanScore;
import org.bandpass.eval.figures.ScoredTask;
import org.bandpass.eval.figures.TaskFigures;
import org.bandpass.eval.profile.DataState;
import org.jspecify.annotations.Nullable;

/** An evaluation as a table: tasks, categories, average, then what to know before trusting them. All but bits in percent. */
public final class EvaluationTable {

    private static final String NONE = "–";
    private static final double PERCENT = 100;

    private final FolderEvaluation evaluation;
    private final GauntletFigures figures;
    private final PrintWriter out;

    private EvaluationTable(FolderEvaluation evaluation, PrintWriter out) {
        this.evaluation = evaluation;
        this.figures = evaluation.figures();
        this.out = out;
    }

    public static void print(FolderEvaluation evaluation, PrintWriter out) {
        EvaluationTable table = new EvaluationTable(evaluation, out);
        out.println("profile " + evaluation.profile().name() + " "
                + evaluation.profile().version() + ", model "
                + evaluation.model().folder() + " (" + evaluation.model().revision() + ")");
        out.println();
        table.tasks();
        table.means();
        table.notes();
        out.flush();
    }

    private void tasks() {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {
            "task", "rows", "accuracy %", "baseline %", "score %", "by sum %", "by byte %", "bits/byte", "data"
        });
        for (TaskFigures task : figures.tasks()) {
            ScoredTask scored = task.scored();
            rows.add(new String[] {
                scored.task().key(),
                rows(task),
                percent(task.accuracy(), task.standardError()),
                percent(scored.task().baseline()),
                percent(task.normalised(), task.normalisedError()),
                percent(task.sumAccuracy()),
                percent(task.byteAccuracy()),
                number(task.all().bitsPerByte(), 1, 3),
                scored.state() == DataState.EXACT ? "" : scored.state().word()
            });
        }
        print(rows, true);
    }

    private static String rows(TaskFigures task) {
        ScoredTask scored = task.scored();
        return task.sampled()
                ? String.format(Locale.ROOT, "%,d of %,d", scored.rows().size(), scored.taskRows())
                : String.format(Locale.ROOT, "%,d", scored.rows().size());
    }

    private void means() {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"category", "tasks", "score %", ""});
        figures.categories().forEach((name, mean) -> {
            if (mean.tasks() > 0) {
                rows.add(mean(name, mean, mean.remark()));
            }
        });
        String limits = String.join("; ", evaluation.limits(figures));
        rows.add(mean("average of " + averaging(), figures.average(), limits));
        out.println();
        print(rows, true);
    }

    private String averaging() {
        return evaluation.profile().averaging().name().toLowerCase(Locale.ROOT);
    }

    private static String[] mean(String name, MeanScore mean, String remark) {
        return new String[] {name, Integer.toString(mean.tasks()), percent(mean.score(), mean.standardError()), remark};
    }

    private void notes() {
        List<String> absent = figures.tasks().stream()
                .map(TaskFigures::scored)
                .filter(scored -> !scored.state().complete())
                .map(scored -> scored.task().key() + " (" + scored.state().word() + ")")
                .toList();
        int unchosen = evaluation.profile().tasks().size() - figures.tasks().size();
        List<String> paper = evaluation.notThePapers(figures);
        out.println();
        out.println("Score: (accuracy − baseline) / (1 − baseline). ±: one standard error over rows.");
        if (!absent.isEmpty()) {
            out.println("Not in the average: " + String.join(", ", absent) + ".");
        }
        if (unchosen > 0) {
            out.println("Not in the average: " + unchosen + " tasks of the profile that were not chosen.");
        }
        out.println(
                paper.isEmpty()
                        ? "The average is comparable with the paper's."
                        : "Not comparable with the paper's numbers: " + String.join("; ", paper) + ".");
        for (TaskFigures task : figures.tasks()) {
            if (!task.warnings().isEmpty()) {
                out.println("  " + task.scored().task().key() + ": "
                        + task.warnings().stream().collect(Collectors.joining("; ")));
            }
        }
    }

    private static String percent(@Nullable Double value) {
        return number(value, PERCENT, 1);
    }

    private static String percent(@Nullable Double value, @Nullable Double error) {
        return value == null ? NONE : percent(value) + (error == null ? "" : " ± " + percent(error));
    }

    private static String number(@Nullable Double value, double factor, int digits) {
        return value == null ? NONE : String.format(Locale.ROOT, "%." + digits + "f", factor * value);
    }

    /** The first and the last column hold words, the others numbers. */
    private void print(List<String[]> rows, boolean header) {
        int columns = rows.get(0).length;
        int[] widths = new int[columns];
        rows.forEach(row -> Arrays.setAll(widths, c -> Math.max(widths[c], row[c].length())));
        for (int r = 0; r < rows.size(); r++) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < columns; c++) {
                String padding = " ".repeat(widths[c] - rows.get(r)[c].length());
                boolean words = c == 0 || c == columns - 1;
                line.append(words ? rows.get(r)[c] + padding : padding + rows.get(r)[c])
                        .append("  ");
            }
            out.println(line.toString().stripTrailing());
            if (r == 0 && header) {
                out.println("─".repeat(Arrays.stream(widths).sum() + 2 * (columns - 1)));
            }
        }
    }
}
