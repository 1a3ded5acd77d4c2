package org.bandpass.eval.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bandpass.eval.figures.Gauntlets.profile;
import static org.bandpass.eval.figures.Gauntlets.row;
import static org.bandpass.eval.figures.Gauntlets.scored;
import static org.bandpass.eval.figures.Gauntlets.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bandpass.eval.profile.Averaging;
import org.bandpass.eval.profile.DataState;
import org.bandpass.eval.profile.Profile;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.schemas.EvaluationRow;
import org.junit.jupiter.api.Test;

class PairedBootstrapTest {

    private final ProfileTask a = task("x", "a", 0.25);
    private final ProfileTask b = task("y", "b", 0, true);
    private final Profile profile = profile(Averaging.CATEGORIES, a, b);

    private static List<EvaluationRow> rows(int n, int groups, double share, long seed) {
        Random random = new Random(seed);
        Random own = new Random(seed + (long) (share * 1000));
        List<EvaluationRow> rows = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            // Hard rows are hard for both.
            rows.add(row(i, "g" + i % groups, 0.8 * random.nextDouble() + 0.2 * own.nextDouble() < share));
        }
        return rows;
    }

    private Map<String, ScoredTask> evaluation(double share) {
        return scored(scored(a, rows(400, 1, share, 1)), scored(b, rows(300, 3, share, 2)));
    }

    @Test
    void agreesWithTheFormulas() {
        Map<String, ScoredTask> run = evaluation(0.5);
        Map<String, ScoredTask> control = evaluation(0.4);

        PairedBootstrap compared = PairedBootstrap.of(profile, run, control, 7);

        GauntletFigures of = GauntletFigures.of(profile, run);
        GauntletFigures than = GauntletFigures.of(profile, control);
        double[] differences = new double[400];
        for (int i = 0; i < 400; i++) {
            differences[i] = run.get(a.key()).rows().get(i).getCorrect()
                    - control.get(a.key()).rows().get(i).getCorrect();
        }
        Difference task = compared.tasks().get(a.key());
        assertThat(task.rows()).isEqualTo(400);
        assertThat(task.difference())
                .isCloseTo(of.tasks().get(0).normalised() - than.tasks().get(0).normalised(), within(1e-12));
        // 1,000 resamples know a standard deviation to 2.2 %.
        assertThat(task.standardError() / (deviation(differences) / Math.sqrt(400) / 0.75))
                .isCloseTo(1, within(0.09));
        assertThat(task.low()).isCloseTo(task.difference() - 1.96 * task.standardError(), within(0.01));
        assertThat(task.high()).isCloseTo(task.difference() + 1.96 * task.standardError(), within(0.01));
        assertThat(task.withinNoise()).isFalse();
        assertThat(compared.average().difference())
                .isCloseTo(of.average().score() - than.average().score(), within(1e-12));
        double both =
                Math.hypot(task.standardError(), compared.tasks().get(b.key()).standardError());
        assertThat(compared.average().standardError() / (both / 2)).isCloseTo(1, within(0.09));
        // Pairing pays: less than two independent errors together.
        assertThat(compared.average().standardError())
                .isLessThan(
                        Math.hypot(of.average().standardError(), than.average().standardError()));
        assertThat(compared.categories().get("x").difference()).isEqualTo(task.difference());
    }

    private static double deviation(double[] values) {
        double mean = java.util.Arrays.stream(values).average().orElseThrow();
        return Math.sqrt(java.util.Arrays.stream(values)
                        .map(value -> (value - mean) * (value - mean))
                        .sum()
                / (values.length - 1));
    }

    @Test
    void hasTheSameNumbersForTheSameSeed() {
        PairedBootstrap one = PairedBootstrap.of(profile, evaluation(0.5), evaluation(0.4), 7);
        PairedBootstrap alone = PairedBootstrap.of(profile(Averaging.TASKS, a), evaluation(0.5), evaluation(0.4), 7);

        assertThat(PairedBootstrap.of(profile, evaluation(0.5), evaluation(0.4), 7))
                .isEqualTo(one);
        assertThat(alone.tasks().get(a.key())).isEqualTo(one.tasks().get(a.key()));
        assertThat(PairedBootstrap.of(profile, evaluation(0.5), evaluation(0.4), 8))
                .isNotEqualTo(one);
    }

    /** A category of one row has no variance of its own, but its difference is as uncertain as any other row's. */
    @Test
    void aCategoryOfOneRowTakesTheVarianceOfTheOthers() {
        List<EvaluationRow> run = new ArrayList<>(rows(100, 1, 0.5, 3));
        List<EvaluationRow> control = new ArrayList<>(rows(100, 1, 0.4, 3));
        run.add(row(100, "single", true));
        control.add(row(100, "single", false));
        double[] differences = new double[100];
        for (int i = 0; i < 100; i++) {
            differences[i] = run.get(i).getCorrect() - control.get(i).getCorrect();
        }

        Difference difference = PairedBootstrap.of(profile, scored(scored(b, run)), scored(scored(b, control)), 1)
                .tasks()
                .get(b.key());

        double single = deviation(differences);
        assertThat(difference.standardError() / (Math.hypot(single, single / 10) / 2))
                .isCloseTo(1, within(0.09));
    }

    @Test
    void findsNothingWhereThereIsNothing() {
        Difference same =
                PairedBootstrap.of(profile, evaluation(0.5), evaluation(0.5), 1).average();

        assertThat(same.difference()).isZero();
        assertThat(same.standardError()).isZero();
        assertThat(same.withinNoise()).isTrue();
    }

    @Test
    void comparesOnlyTheSameRows() {
        Map<String, ScoredTask> run = evaluation(0.5);
        Map<String, ScoredTask> half = scored(
                scored(a, run.get(a.key()).rows().subList(0, 100)),
                new ScoredTask(
                        b, DataState.EXACT, "other data", 300, run.get(b.key()).rows()));

        PairedBootstrap compared = PairedBootstrap.of(profile, run, half, 1);

        assertThat(compared.tasks()).containsOnlyKeys(a.key());
        assertThat(compared.tasks().get(a.key()).rows()).isEqualTo(100);
        assertThat(compared.average().absent()).containsExactly(b.key());
        assertThat(compared.average().partial()).isTrue();
        assertThat(PairedBootstrap.of(profile, run, Map.of(), 1).average()).isNull();
    }
}
