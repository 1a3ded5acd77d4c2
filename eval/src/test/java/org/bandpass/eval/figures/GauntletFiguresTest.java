package org.bandpass.eval.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bandpass.eval.figures.Gauntlets.groups;
import static org.bandpass.eval.figures.Gauntlets.profile;
import static org.bandpass.eval.figures.Gauntlets.row;
import static org.bandpass.eval.figures.Gauntlets.scored;
import static org.bandpass.eval.figures.Gauntlets.task;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bandpass.eval.profile.Averaging;
import org.bandpass.eval.profile.DataState;
import org.bandpass.eval.profile.Profile;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.eval.profile.Weighting;
import org.junit.jupiter.api.Test;

class GauntletFiguresTest {

    private static final Path PAPER =
            Path.of(System.getProperty("bandpass.root", "..")).resolve("../shared/gauntlet/paper-scores.json");

    private final ProfileTask a = task("c", "a", 0);
    private final ProfileTask b = task("c", "b", 0.25);
    private final ProfileTask c = task("c", "c", 0.5);
    private final ProfileTask d = task("d", "d", 0);

    /** Accuracies .40, .46, .45 over baselines 0, .25, .5: scores .40, .28, −.10, not clamped. */
    @Test
    void averagesNormalisedAccuracies() {
        GauntletFigures figures = GauntletFigures.of(
                profile(Averaging.CATEGORIES, a, b, c, d),
                scored(scored(a, 40, 100), scored(b, 46, 100), scored(c, 45, 100), scored(d, 1, 2)));

        assertThat(figures.tasks())
                .extracting(TaskFigures::normalised)
                .satisfiesExactly(
                        s -> assertThat(s).isCloseTo(0.40, within(1e-12)),
                        s -> assertThat(s).isCloseTo(0.28, within(1e-12)),
                        s -> assertThat(s).isCloseTo(-0.10, within(1e-12)),
                        s -> assertThat(s).isCloseTo(0.5, within(1e-12)));
        MeanScore category = figures.categories().get("c");
        assertThat(category.score()).isCloseTo(0.58 / 3, within(1e-12));
        assertThat(category.accuracy()).isCloseTo(1.31 / 3, within(1e-12));
        assertThat(category.partial()).isFalse();
        assertThat(category.remark()).isEmpty();
        // Not the mean over the four tasks, which is 0.27.
        assertThat(figures.average().score()).isCloseTo((0.58 / 3 + 0.5) / 2, within(1e-12));
        // s²/n of 0 and 1: p(1 − p)/(n − 1); the baseline stretches the error.
        double errorOfC = Math.sqrt(0.24 / 99 + 0.46 * 0.54 / 99 / (0.75 * 0.75) + 0.45 * 0.55 / 99 / (0.5 * 0.5)) / 3;
        assertThat(category.standardError()).isCloseTo(errorOfC, within(1e-12));
        assertThat(figures.average().standardError())
                .isCloseTo(Math.sqrt(errorOfC * errorOfC + 0.25) / 2, within(1e-12));
    }

    @Test
    void averagesTasksPlainly() {
        GauntletFigures figures = GauntletFigures.of(
                profile(Averaging.TASKS, a, b, c, d),
                scored(scored(a, 40, 100), scored(b, 46, 100), scored(c, 45, 100), scored(d, 1, 2)));

        assertThat(figures.average().score()).isCloseTo((0.40 + 0.28 - 0.10 + 0.5) / 4, within(1e-12));
        assertThat(figures.average().of()).isEqualTo(4);
    }

    @Test
    void weighsBySampleSize() {
        Map<String, ScoredTask> scored = scored(scored(a, 40, 100), scored(b, 16, 64), scored(c, 1, 1));

        assertThat(average(Weighting.SAMPLE_SIZE, scored)).isCloseTo((0.4 * 100 + 0 * 64 + 1) / 165, within(1e-12));
        double log = Math.log(100) / Math.log(2);
        assertThat(average(Weighting.LOG_SAMPLE_SIZE, scored))
                .isCloseTo((0.4 * log + 0 * 6 + 1) / (log + 7), within(1e-12));
        assertThat(average(Weighting.EQUAL, scored)).isCloseTo(1.4 / 3, within(1e-12));
    }

    private double average(Weighting weighting, Map<String, ScoredTask> scored) {
        return GauntletFigures.of(profile(Averaging.CATEGORIES, weighting, a, b, c), scored)
                .average()
                .score();
    }

    @Test
    void aSplitTaskIsTheMeanOfItsCategories() {
        ProfileTask jeopardy = task("w", "jeopardy", 0, true);
        TaskFigures figures = TaskFigures.of(scored(jeopardy, groups(4, 2, 0, 1, 3)));

        assertThat(figures.accuracy()).isCloseTo((1 + 0.5 + 0 + 0.25 + 0.75) / 5, within(1e-12));
        assertThat(figures.parts()).hasSize(5);
        assertThat(figures.parts().get("g1").accuracy()).isEqualTo(0.5);
        // Variances of 4, 2, 0, 1, 3 right of four: 0, 1/3, 0, 1/4, 1/4; each over 4 rows, the sum over 5².
        assertThat(figures.standardError()).isCloseTo(Math.sqrt((1 / 3.0 + 0.5) / 4) / 5, within(1e-12));
    }

    @Test
    void categoriesOfOneRowBorrowTheVarianceOfTheOthers() {
        ProfileTask split = task("w", "split", 0, true);
        var rows = List.of(row(0, "x", true), row(1, "x", false), row(2, "y", true));

        // s² of x is 1/2; y takes it too: √(1/2/2 + 1/2/1) / 2.
        assertThat(TaskFigures.of(scored(split, rows)).standardError()).isCloseTo(Math.sqrt(0.75) / 2, within(1e-12));
        assertThat(TaskFigures.of(scored(split, rows.subList(2, 3))).standardError())
                .isNull();
        // No category has two rows: the variance of all rows, 1/2.
        assertThat(TaskFigures.of(scored(split, rows.subList(1, 3))).standardError())
                .isCloseTo(Math.sqrt(0.5 + 0.5) / 2, within(1e-12));
    }

    @Test
    void saysWhereAMeanIsPartial() {
        Profile profile = profile(Averaging.CATEGORIES, a, b, c, d);
        ScoredTask altered =
                new ScoredTask(b, DataState.ALTERED, "1", 2, scored(b, 2, 2).rows());
        ScoredTask missing = new ScoredTask(c, DataState.MISSING, "1", 0, List.of());
        ScoredTask rebuilt =
                new ScoredTask(a, DataState.REBUILT, "1", 2, scored(a, 1, 2).rows());

        GauntletFigures figures = GauntletFigures.of(profile, scored(rebuilt, altered, missing));

        MeanScore category = figures.categories().get("c");
        assertThat(category.score()).isEqualTo(0.5);
        assertThat(category.absent()).containsExactly("b/0-shot (altered)", "c/0-shot (missing)");
        assertThat(category.remark()).isEqualTo("partial, 1 of 3 tasks");
        assertThat(figures.categories().get("d").score()).isNull();
        assertThat(figures.categories().get("d").absent()).containsExactly("d/0-shot (not scored)");
        assertThat(figures.average().score()).isEqualTo(0.5);
        assertThat(figures.average().remark()).isEqualTo("partial, 1 of 4 tasks");
        assertThat(figures.average().absent()).hasSize(3);
        assertThat(figures.tasks()).extracting(t -> t.scored().task().label()).containsExactly("a", "b", "c");
        assertThat(GauntletFigures.of(profile, Map.of()).average().score()).isNull();
    }

    /** Each published average is the mean of the five published categories; here each category is one made-up task. */
    @Test
    void agreesWithThePapersAverages() throws IOException {
        assumeTrue(Files.exists(PAPER), "skipped: there is no ../shared/gauntlet/paper-scores.json");
        int[] checked = {0};
        for (JsonNode experiment : new ObjectMapper().readTree(PAPER.toFile())) {
            for (JsonNode run : experiment) {
                for (JsonNode checkpoint : run) {
                    for (String kind : List.of("normalized", "raw")) {
                        check(checkpoint.get(kind));
                        checked[0]++;
                    }
                }
            }
        }
        assertThat(checked[0]).isGreaterThan(100);
    }

    private static void check(JsonNode published) {
        int rows = 1_000_000;
        Map<String, ScoredTask> scored = new LinkedHashMap<>();
        ProfileTask[] tasks = new ProfileTask[5];
        int[] next = {0};
        AverageWeights weights;
        double[] scores = new double[5];
        published.properties().forEach(entry -> {
            if (!entry.getKey().equals("average")) {
                ProfileTask task = task(entry.getKey(), entry.getKey(), 0);
                scores[next[0]] = entry.getValue().asDouble();
                tasks[next[0]++] = task;
                scored.put(task.key(), new ScoredTask(task, DataState.EXACT, "1", rows, List.of()));
            }
        });
        weights = AverageWeights.of(profile(Averaging.CATEGORIES, tasks), task -> rows);
        assertThat(scored).hasSize(5);
        assertThat(AverageWeights.mean(weights.average(), scores))
                .isCloseTo(published.get("average").asDouble(), within(1.01e-6));
    }
}
