package org.bandpass.eval.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bandpass.eval.chart.ScatterChart;
import org.bandpass.eval.chart.ShareChart;
import org.bandpass.eval.figures.MeanScore;
import org.bandpass.eval.results.Amount;
import org.bandpass.eval.results.ComparedRun;
import org.bandpass.eval.results.Composition;
import org.bandpass.eval.results.FinalScore;
import org.bandpass.eval.results.ProfileScores;
import org.bandpass.eval.results.RunComparison;
import org.jspecify.annotations.Nullable;

/** The page's sections about runs beside their scores: perplexity, and the data that they were trained on. */
record RunSections(RunComparison comparison, RunLooks looks) {

    /** A picture with more rows is unreadable; the table has the others. */
    private static final int MOST_DOMAINS = 25;

    private static final double POINTS = 100;

    /** Whether perplexity predicts how well a model does at tasks. */
    Html disagreement() {
        ProfileScores scores =
                comparison.profiles().isEmpty() ? null : comparison.profiles().get(0);
        String measure = scores == null
                ? "cloze accuracy, per cent"
                : scores.profile().name() + ", average normalised accuracy × 100";
        List<ScatterChart.Point> points = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        for (ComparedRun run : comparison.runs()) {
            Double[] score = downstream(run, scores);
            Double perplexity = run.heldOut() == null ? null : run.heldOut().perplexity();
            if (perplexity != null && score[0] != null) {
                double error = score[1] == null ? 0 : score[1];
                points.add(new ScatterChart.Point(looks.series(run.id()), perplexity, score[0], error));
                rows.add(List.of(run.id(), Words.decimals(perplexity, 2), downstreamWords(run, scores)));
            }
        }
        Html html = new Html().heading("Test perplexity and downstream score");
        if (points.isEmpty()) {
            return html.paragraph("quiet", "No run has both a held-out perplexity and a downstream score.");
        }
        return html.figure(
                        ScatterChart.draw(
                                "Held-out perplexity and downstream score",
                                "perplexity of held-out text (lower to the left)",
                                measure + " ± s.e.",
                                points),
                        "If perplexity on held-out text predicted how well a model does at tasks, the points would fall from"
                                + " upper left to lower right. Perplexities compare only between models of one tokenizer.")
                .table("", List.of("run", "held-out perplexity", measure), rows);
    }

    /** Returns a score and its standard error, both × 100. */
    private static @Nullable Double[] downstream(ComparedRun run, @Nullable ProfileScores scores) {
        if (scores == null) {
            return run.cloze() == null
                    ? new Double[2]
                    : new Double[] {
                        points(run.cloze().accuracy()), points(run.cloze().standardError())
                    };
        }
        FinalScore score = scores.runs().get(run.id());
        MeanScore average = score == null ? null : score.figures().average();
        return average == null
                ? new Double[2]
                : new Double[] {points(average.score()), points(average.standardError())};
    }

    private static String downstreamWords(ComparedRun run, @Nullable ProfileScores scores) {
        FinalScore score = scores == null ? null : scores.runs().get(run.id());
        return score == null
                ? Words.accuracy(run.cloze())
                : ScoreWords.score(score.figures().average());
    }

    private static @Nullable Double points(@Nullable Double share) {
        return share == null ? null : POINTS * share;
    }

    /** Which domains the text of each run comes from. */
    Html composition() {
        Html html = new Html().heading("What each run was trained on");
        Map<String, Composition> runs = new LinkedHashMap<>();
        for (ComparedRun run : comparison.runs()) {
            Composition composition = run.composition();
            if (composition != null && composition.total().documents() > 0) {
                runs.put(run.id(), composition);
            }
        }
        if (runs.isEmpty()) {
            return html.paragraph("quiet", "The data of no run is known.");
        }
        List<String> domains = domains(runs);
        List<String> drawn = domains.subList(0, Math.min(domains.size(), MOST_DOMAINS));
        List<ShareChart.Column> columns = new ArrayList<>();
        runs.forEach((id, composition) -> columns.add(new ShareChart.Column(
                looks.series(id),
                Words.count(composition.total().documents()) + " documents",
                drawn.stream().map(composition::share).toList())));
        String others = drawn.size() == domains.size()
                ? ""
                : " " + (domains.size() - drawn.size()) + " smaller domains are in the table only.";
        return html.figure(
                        ShareChart.draw("Share of bytes by domain", drawn, columns),
                        "Share of the bytes of the run's data set by domain. The vertical line repeats the first run's share."
                                + others)
                .table("", header(runs), rows(runs, domains));
    }

    /** Returns the domains with most bytes in the first run, then those of the others. */
    private static List<String> domains(Map<String, Composition> runs) {
        Map<String, Long> bytes = new TreeMap<>();
        runs.values()
                .forEach(run -> run.byDomain().forEach((domain, amount) -> bytes.putIfAbsent(domain, amount.bytes())));
        return bytes.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static List<String> header(Map<String, Composition> runs) {
        List<String> header = new ArrayList<>(List.of("domain"));
        for (String id : runs.keySet()) {
            header.add(id + ": documents");
            header.add("share of bytes");
        }
        return header;
    }

    private static List<List<String>> rows(Map<String, Composition> runs, List<String> domains) {
        List<List<String>> rows = new ArrayList<>();
        for (String domain : domains) {
            List<String> row = new ArrayList<>(List.of(domain));
            for (Composition run : runs.values()) {
                row.add(Words.count(
                        run.byDomain().getOrDefault(domain, Amount.NONE).documents()));
                row.add(Words.percent(run.share(domain)));
            }
            rows.add(row);
        }
        return rows;
    }
}
