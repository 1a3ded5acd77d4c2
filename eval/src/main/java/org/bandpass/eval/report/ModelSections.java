package org.bandpass.eval.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bandpass.eval.chart.IntervalChart;
import org.bandpass.eval.chart.LineChart;
import org.bandpass.eval.chart.ScatterChart;
import org.bandpass.eval.chart.Series;
import org.bandpass.eval.results.BandResult;
import org.bandpass.eval.results.HeldOutResult;
import org.bandpass.eval.results.Results;
import org.bandpass.eval.results.RunResult;
import org.bandpass.eval.results.TaskResult;
import org.jspecify.annotations.Nullable;

/** The page's sections about the models: their training, and how they compare with the control. */
record ModelSections(Results results) {

    /** A picture with more rows is unreadable; the others are in the table only. */
    private static final int MOST_DOMAINS = 25;

    private static final double PERCENT = 100;

    private List<RunResult> compared() {
        return results.runs().compared();
    }

    /** Returns the look of a band, or of the control, which comes first. */
    static Series series(Results results, String name) {
        List<String> bands = results.bands().stream().map(BandResult::name).toList();
        return new Series(name, 1 + bands.indexOf(name));
    }

    /** How the training losses fell. */
    Html training() {
        Html html = new Html().heading("Training");
        List<LineChart.Curve> curves = new ArrayList<>();
        RunResult reference = results.runs().reference();
        if (reference != null) {
            addCurve(curves, reference, new Series("reference", Series.COLOURS - 1));
        }
        compared().forEach(run -> addCurve(curves, run, series(results, run.name())));
        if (curves.isEmpty()) {
            return html.paragraph("quiet", "No training run has reported a loss.");
        }
        return html.figure(
                LineChart.draw("Training loss", "tokens trained on", "training loss, nats per token", curves),
                "Each point is the mean over an equal share of the run's steps. Losses of different runs are measured on"
                        + " different text and do not rank the models: a band of predictable text is easier.");
    }

    private static void addCurve(List<LineChart.Curve> curves, RunResult run, Series series) {
        List<Double> losses = run.run().getLosses();
        List<double[]> points = new ArrayList<>();
        for (int i = 0; i < losses.size(); i++) {
            points.add(new double[] {(i + 0.5) / losses.size() * run.run().getTokens(), losses.get(i)});
        }
        if (!points.isEmpty()) {
            curves.add(new LineChart.Curve(series, points));
        }
    }

    /** How the models compare with the control. */
    Html evaluation() {
        Html html = new Html().heading("Evaluation against the control");
        List<IntervalChart.Row> accuracies = taskRows(TaskResult::accuracy, TaskResult::standardError);
        if (accuracies.isEmpty()) {
            html.paragraph("quiet", "No task was evaluated.");
        } else {
            html.subheading("Accuracy")
                    .figure(
                            new IntervalChart(accuracies, chance(), IntervalChart.LOOSE)
                                    .draw("Accuracy by task", "accuracy, per cent"),
                            "Thick bars are one standard error, thin ones 95 % intervals.");
        }
        List<IntervalChart.Row> differences = taskRows(TaskResult::difference, TaskResult::differenceStandardError);
        differences.removeIf(row -> row.points().isEmpty());
        if (!differences.isEmpty()) {
            html.subheading("Difference to the control, question by question")
                    .figure(
                            againstControl(differences, IntervalChart.LOOSE)
                                    .draw(
                                            "Difference to the control by task",
                                            "accuracy minus the control's, points (right: higher)"),
                            "Both models answered the same questions, so their difficulty cancels out. An interval"
                                    + " that crosses the line may mean no difference.");
        }
        Set<String> leftOut = new TreeSet<>();
        answers().forEach(task -> leftOut.addAll(task.leftOut().keySet()));
        if (!leftOut.isEmpty()) {
            html.paragraph(
                    "quiet",
                    "Left out of the questions, because no held-out document is long enough: "
                            + Words.list(List.copyOf(leftOut)) + ".");
        }
        return html.add(heldOut());
    }

    /** Returns a row for each task, with a point for each run that has the value. */
    private List<IntervalChart.Row> taskRows(
            Function<TaskResult, @Nullable Double> value, Function<TaskResult, @Nullable Double> error) {
        Map<String, IntervalChart.Row> rows = new TreeMap<>();
        for (RunResult run : compared()) {
            run.tasks()
                    .forEach((task, result) ->
                            add(row(rows, task), run, PERCENT, value.apply(result), error.apply(result)));
        }
        return new ArrayList<>(rows.values());
    }

    private static IntervalChart.Row row(Map<String, IntervalChart.Row> rows, String label) {
        return rows.computeIfAbsent(label, name -> new IntervalChart.Row(name, new ArrayList<>()));
    }

    private void add(
            IntervalChart.Row row, RunResult run, double scale, @Nullable Double value, @Nullable Double error) {
        if (value != null) {
            row.points()
                    .add(new IntervalChart.Point(
                            series(results, run.name()), scale * value, error == null ? 0 : scale * error));
        }
    }

    private static IntervalChart againstControl(List<IntervalChart.Row> rows, double pitch) {
        return new IntervalChart(rows, new IntervalChart.Mark(0, "control"), pitch);
    }

    private Stream<TaskResult> answers() {
        return compared().stream().flatMap(run -> run.tasks().values().stream());
    }

    /** Guessing has one line only where all tasks have the same chance. */
    private IntervalChart.@Nullable Mark chance() {
        List<Double> chances = answers().map(TaskResult::chance).distinct().toList();
        return chances.size() == 1 ? new IntervalChart.Mark(PERCENT * chances.get(0), "guessing") : null;
    }

    private Html heldOut() {
        Html html = new Html().subheading("Held-out likelihood by domain");
        Map<String, IntervalChart.Row> byDomain = new LinkedHashMap<>();
        IntervalChart.Row all = new IntervalChart.Row("all held-out documents", new ArrayList<>());
        for (RunResult run : results.runs().bands().values()) {
            add(all, run, run.heldOut());
            run.heldOutByDomain().forEach((domain, heldOut) -> add(row(byDomain, domain), run, heldOut));
        }
        if (all.points().isEmpty()) {
            return html.paragraph("quiet", "There is nothing to compare yet.");
        }
        List<IntervalChart.Row> rows = new ArrayList<>(List.of(all));
        rows.addAll(byDomain.values());
        int drawn = Math.min(rows.size(), MOST_DOMAINS + 1);
        return html.figure(
                        againstControl(rows.subList(0, drawn), IntervalChart.TIGHT)
                                .draw(
                                        "Held-out bits per byte against the control",
                                        "bits per byte minus the control's (left: lower)"),
                        "Mean over held-out documents, paired by document. Selection moves a model towards the domains it"
                                + " keeps; a loss elsewhere is its price."
                                + (drawn < rows.size()
                                        ? " " + (rows.size() - drawn) + " domains are in the table only."
                                        : ""))
                .details("Bits per byte by domain", heldOutTable());
    }

    private void add(IntervalChart.Row row, RunResult run, @Nullable HeldOutResult heldOut) {
        if (heldOut != null) {
            add(row, run, 1, heldOut.difference(), heldOut.differenceStandardError());
        }
    }

    private Html heldOutTable() {
        List<String> header = new ArrayList<>(List.of("domain", "documents"));
        TreeSet<String> domains = new TreeSet<>();
        for (RunResult run : compared()) {
            header.add(run.name());
            domains.addAll(run.heldOutByDomain().keySet());
        }
        List<List<String>> rows = new ArrayList<>();
        for (String domain : domains) {
            List<String> row = new ArrayList<>(List.of(domain, Words.UNKNOWN));
            for (RunResult run : compared()) {
                HeldOutResult heldOut = run.heldOutByDomain().get(domain);
                if (heldOut != null) {
                    row.set(1, Words.count(heldOut.documents()));
                }
                row.add(Words.decimals(heldOut == null ? null : heldOut.bitsPerByte(), 4));
            }
            rows.add(row);
        }
        return new Html().table("", header, rows);
    }

    /** Scores that other harnesses computed; empty where there are none. */
    Html imported() {
        return new ImportedSection(compared().stream().map(RunResult::name).toList(), results.imported()).imported();
    }

    /** Whether perplexity predicts how well a model does at tasks. */
    Html disagreement() {
        Html html = new Html().heading("Test perplexity and downstream score");
        List<ScatterChart.Point> points = new ArrayList<>();
        for (RunResult run : compared()) {
            HeldOutResult heldOut = run.heldOut();
            TaskResult cloze = run.cloze();
            if (heldOut != null && heldOut.perplexity() != null && cloze != null && cloze.accuracy() != null) {
                Double error = cloze.standardError();
                points.add(new ScatterChart.Point(
                        series(results, run.name()),
                        heldOut.perplexity(),
                        PERCENT * cloze.accuracy(),
                        error == null ? 0 : PERCENT * error));
            }
        }
        if (points.size() < 2) {
            return html.paragraph("quiet", "It takes two evaluated runs to compare the two measures.");
        }
        return html.figure(
                ScatterChart.draw(
                        "Held-out perplexity and cloze accuracy",
                        "perplexity of held-out text (lower to the left)",
                        "cloze accuracy ± s.e., per cent",
                        points),
                "If perplexity on held-out text predicted how well a model does at tasks, the points would fall from upper left to lower"
                        + " right. In the paper (arXiv 2405.20541, the authors' runs of 1B parameters on the Pile) they do not:"
                        + " pruning to high perplexity raised test perplexity from 7.83 to 8.51 and the mean normalised accuracy"
                        + " from 13.73 to 15.62. Held-out text here has the unpruned mixture.");
    }
}
