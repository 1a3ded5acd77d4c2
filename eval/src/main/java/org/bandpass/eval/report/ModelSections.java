package org.bandpass.eval.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bandpass.eval.chart.IntervalChart;
import org.bandpass.eval.chart.LineChart;
import org.bandpass.eval.chart.ScatterChart;
import org.bandpass.eval.chart.Series;
import org.bandpass.eval.results.HeldOutResult;
import org.bandpass.eval.results.Results;
import org.bandpass.eval.results.RunResult;
import org.bandpass.eval.results.TaskResult;
import org.jspecify.annotations.Nullable;

/** The page's sections about the models: their training, and how they compare with the control. */
final class ModelSections {

    /** More rows than this are no picture any more; the rest is in the table only. */
    private static final int MOST_DOMAINS = 25;

    private static final double PERCENT = 100;

    private final Results results;

    ModelSections(Results results) {
        this.results = results;
    }

    /** How the training losses fell. */
    Html training() {
        Html html = new Html().heading("Training");
        List<LineChart.Curve> curves = new ArrayList<>();
        RunResult reference = results.runs().reference();
        if (reference != null && !reference.losses().isEmpty()) {
            curves.add(curve(reference, new Series("reference", Series.COLOURS - 1)));
        }
        for (RunResult run : results.runs().compared()) {
            if (!run.losses().isEmpty()) {
                curves.add(curve(run, ReportedSeries.of(results, run.name())));
            }
        }
        if (curves.isEmpty()) {
            return html.paragraph("quiet", "No training run has reported a loss.");
        }
        return html.figure(
                LineChart.draw("Training loss", "tokens trained on", "training loss, nats per token", curves),
                "Each point is the mean over an equal share of the run's steps. Losses of different runs are measured on"
                        + " different text and do not rank the models: a band of predictable text is easier.");
    }

    private static LineChart.Curve curve(RunResult run, Series series) {
        List<double[]> points = new ArrayList<>();
        int shares = run.losses().size();
        for (int i = 0; i < shares; i++) {
            points.add(new double[] {
                (i + 0.5) / shares * run.run().getTokens(), run.losses().get(i)
            });
        }
        return new LineChart.Curve(series, points);
    }

    /** How the models compare with the control. */
    Html evaluation() {
        Html html = new Html().heading("Evaluation against the control");
        List<IntervalChart.Row> accuracies = new ArrayList<>();
        List<IntervalChart.Row> differences = new ArrayList<>();
        TreeSet<String> tasks = new TreeSet<>();
        results.runs()
                .compared()
                .forEach(run -> tasks.addAll(run.evaluation().tasks().keySet()));
        for (String task : tasks) {
            IntervalChart.Row accuracy = new IntervalChart.Row(task, new ArrayList<>());
            IntervalChart.Row difference = new IntervalChart.Row(task, new ArrayList<>());
            for (RunResult run : results.runs().compared()) {
                TaskResult result = run.evaluation().tasks().get(task);
                if (result != null) {
                    add(accuracy.points(), run, PERCENT, result.accuracy(), result.standardError());
                    add(difference.points(), run, PERCENT, result.difference(), result.differenceStandardError());
                }
            }
            accuracies.add(accuracy);
            differences.add(difference);
        }
        differences.removeIf(row -> row.points().isEmpty());
        draw(html, accuracies, differences);
        Set<String> leftOut = new TreeSet<>();
        answers().forEach(task -> leftOut.addAll(task.leftOut().keySet()));
        if (!leftOut.isEmpty()) {
            html.paragraph(
                    "quiet",
                    "Left out of the questions, because fewer than four held-out documents are there to choose"
                            + " from: " + Words.list(List.copyOf(leftOut)) + ".");
        }
        return html.add(heldOut());
    }

    private void draw(Html html, List<IntervalChart.Row> accuracies, List<IntervalChart.Row> differences) {
        if (accuracies.isEmpty()) {
            html.paragraph("quiet", "No task was evaluated.");
        } else {
            html.subheading("Accuracy")
                    .figure(
                            IntervalChart.draw("Accuracy by task", "accuracy, per cent", accuracies, chance()),
                            "Thick bars are one standard error, thin ones 95 % intervals.");
        }
        if (!differences.isEmpty()) {
            html.subheading("Difference to the control, question by question")
                    .figure(
                            IntervalChart.draw(
                                    "Difference to the control by task",
                                    "accuracy minus the control's, points (right: higher)",
                                    differences,
                                    new IntervalChart.Mark(0, "control")),
                            "The same questions were put to both models, so that their difficulty cancels out. An interval that"
                                    + " crosses the line cannot be told from no difference.");
        }
    }

    private Stream<TaskResult> answers() {
        return results.runs().compared().stream().flatMap(run -> run.evaluation().tasks().values().stream());
    }

    /** Guessing has one line only where all tasks have the same chance. */
    private IntervalChart.@Nullable Mark chance() {
        List<Double> chances = answers().map(TaskResult::chance).distinct().toList();
        return chances.size() == 1 ? new IntervalChart.Mark(PERCENT * chances.get(0), "guessing") : null;
    }

    private Html heldOut() {
        IntervalChart.Row all = new IntervalChart.Row("all held-out documents", new ArrayList<>());
        Map<String, IntervalChart.Row> byDomain = new LinkedHashMap<>();
        for (RunResult run : results.runs().bands().values()) {
            add(all.points(), run, run.evaluation().heldOut());
            run.evaluation()
                    .heldOutByDomain()
                    .forEach((domain, likelihood) -> add(
                            byDomain.computeIfAbsent(domain, d -> new IntervalChart.Row(d, new ArrayList<>()))
                                    .points(),
                            run,
                            likelihood));
        }
        List<IntervalChart.Row> rows = new ArrayList<>(List.of(all));
        rows.addAll(byDomain.values());
        Html html = new Html().subheading("Held-out likelihood by domain");
        if (all.points().isEmpty()) {
            return html.paragraph("quiet", "There is nothing to compare yet.");
        }
        int drawn = Math.min(rows.size(), MOST_DOMAINS + 1);
        return html.figure(
                        IntervalChart.drawTight(
                                "Held-out bits per byte against the control",
                                "bits per byte minus the control's (left: lower)",
                                rows.subList(0, drawn),
                                new IntervalChart.Mark(0, "control")),
                        "Mean over held-out documents, paired by document. Selection moves a model towards the domains it"
                                + " keeps; a loss elsewhere is its price."
                                + (drawn < rows.size()
                                        ? " " + (rows.size() - drawn) + " domains are in the table only."
                                        : ""))
                .details("Bits per byte by domain", heldOutTable());
    }

    private void add(List<IntervalChart.Point> points, RunResult run, @Nullable HeldOutResult likelihood) {
        if (likelihood != null) {
            add(points, run, 1, likelihood.difference(), likelihood.differenceStandardError());
        }
    }

    private void add(
            List<IntervalChart.Point> points,
            RunResult run,
            double scale,
            @Nullable Double value,
            @Nullable Double error) {
        if (value != null) {
            points.add(new IntervalChart.Point(
                    ReportedSeries.of(results, run.name()), scale * value, error == null ? 0 : scale * error));
        }
    }

    private Html heldOutTable() {
        List<String> header = new ArrayList<>(List.of("domain", "documents"));
        TreeSet<String> domains = new TreeSet<>();
        for (RunResult run : results.runs().compared()) {
            header.add(run.name());
            domains.addAll(run.evaluation().heldOutByDomain().keySet());
        }
        List<List<String>> rows = new ArrayList<>();
        for (String domain : domains) {
            List<String> row = new ArrayList<>(List.of(domain, Words.UNKNOWN));
            for (RunResult run : results.runs().compared()) {
                HeldOutResult likelihood = run.evaluation().heldOutByDomain().get(domain);
                if (likelihood != null) {
                    row.set(1, Words.count(likelihood.documents()));
                }
                row.add(Words.decimals(likelihood == null ? null : likelihood.bitsPerByte(), 4));
            }
            rows.add(row);
        }
        return new Html().table("", header, rows);
    }

    /** Whether perplexity tells how well a model does at tasks. */
    Html disagreement() {
        Html html = new Html().heading("Test perplexity beside downstream score");
        List<ScatterChart.Point> points = new ArrayList<>();
        for (RunResult run : results.runs().compared()) {
            HeldOutResult heldOut = run.evaluation().heldOut();
            TaskResult cloze = run.evaluation().cloze();
            if (heldOut != null && heldOut.perplexity() != null && cloze != null && cloze.accuracy() != null) {
                Double error = cloze.standardError();
                points.add(new ScatterChart.Point(
                        ReportedSeries.of(results, run.name()),
                        heldOut.perplexity(),
                        100 * cloze.accuracy(),
                        error == null ? 0 : 100 * error));
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
                "If perplexity on held-out text told how well a model does at tasks, the points would fall from upper left to lower"
                        + " right. In the paper (arXiv 2405.20541, the authors' runs of 1B parameters on the Pile) they do not:"
                        + " pruning to high perplexity raised test perplexity from 7.83 to 8.51 and the mean normalised accuracy"
                        + " from 13.73 to 15.62. Held-out text here has the unpruned mixture.");
    }
}
