package org.bandpass.eval.report;

import java.util.ArrayList;
import java.util.List;
import org.bandpass.eval.chart.LineChart;
import org.bandpass.eval.results.CheckpointScore;
import org.bandpass.eval.results.FinalScore;
import org.bandpass.eval.results.ProfileScores;
import org.bandpass.eval.results.StepsToControl;
import org.jspecify.annotations.Nullable;

/** The page's section about the score over training tokens, and when each run was as good as the control at its end. */
record CurveSection(ProfileScores scores, RunLooks looks) {

    private static final double POINTS = 100;

    Html curve() {
        Html html = new Html().subheading("Score over training tokens");
        if (!scores.hasIntermediate()) {
            return html.paragraph("quiet", "Only one step of each run was scored. " + RunGaps.checkpoints(scores));
        }
        List<LineChart.Curve> curves = new ArrayList<>();
        List<List<String>> table = new ArrayList<>();
        scores.checkpoints().forEach((id, steps) -> {
            List<double[]> points = new ArrayList<>();
            for (CheckpointScore step : steps) {
                Double score = step.average().score();
                if (score != null && step.tokens() != null) {
                    points.add(new double[] {step.tokens(), POINTS * score});
                }
                table.add(List.of(
                        id,
                        Words.count(step.step()),
                        step.tokens() == null ? Words.UNKNOWN : Words.count(step.tokens()),
                        ScoreWords.score(step.average())));
            }
            if (!points.isEmpty()) {
                curves.add(new LineChart.Curve(looks.series(id), points));
            }
        });
        if (!curves.isEmpty()) {
            html.figure(
                    LineChart.draw(
                            "Average score over training tokens",
                            new String[] {"tokens trained on", "average normalised accuracy × 100"},
                            curves,
                            level()),
                    "Each mark is an evaluated checkpoint. Tokens are those of the run times its share of the steps.");
        }
        return html.add(reached())
                .details(
                        "Scores of the checkpoints",
                        new Html().table("", List.of("run", "step", "tokens", "average"), table));
    }

    private LineChart.@Nullable Level level() {
        String control = looks.comparison().control();
        FinalScore base = control == null ? null : scores.runs().get(control);
        Double score = base == null ? null : base.figures().average().score();
        return score == null ? null : new LineChart.Level(POINTS * score, "control at its end");
    }

    /** Which runs got as far as the control, and how much earlier. */
    private Html reached() {
        List<List<String>> rows = new ArrayList<>();
        for (String id : looks.others()) {
            List<CheckpointScore> steps = scores.checkpoints().getOrDefault(id, List.of());
            StepsToControl reached = scores.reached().get(id);
            if (reached != null) {
                CheckpointScore at = reached.reached();
                rows.add(List.of(
                        id,
                        Words.count(at.step()),
                        at.tokens() == null ? Words.UNKNOWN : Words.count(at.tokens()),
                        reached.below() == null
                                ? "none evaluated"
                                : Words.count(reached.below().step()),
                        reached.ratio() == null ? Words.UNKNOWN : Words.decimals(reached.ratio(), 2) + " ×"));
            } else if (!steps.isEmpty()) {
                rows.add(List.of(id, "not reached", Words.UNKNOWN, Words.UNKNOWN, Words.UNKNOWN));
            }
        }
        if (rows.isEmpty() || level() == null) {
            return new Html();
        }
        return new Html()
                .table(
                        "",
                        List.of(
                                "steps to the control's final score",
                                "first evaluated step at or above",
                                "its tokens",
                                "last evaluated step below, before it",
                                "the control's tokens ÷ its tokens"),
                        rows)
                .paragraph(
                        "how",
                        "The crossing lies between the two steps. A score crosses a level early by chance, too: compare the"
                                + " distance with the standard errors.");
    }
}
