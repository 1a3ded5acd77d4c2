package org.bandpass.selector.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.tdunning.math.stats.MergingDigest;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RankTableTest {

    private static byte[] digest(double... values) {
        return ScoreSketch.add(new byte[0], values, values.length);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 1999, 2001, 5000, 60_000})
    void givesExactlyTheDistributionFunctionOfTheDigest(int count) {
        SplittableRandom random = new SplittableRandom(count);
        double[] values = random.doubles(count)
                .map(u -> random.nextInt(5) == 0 ? 2.5 : Math.round(1e4 * u) / 2e3)
                .toArray();
        byte[] bytes = digest(values);
        RankTable table = RankTable.of(bytes);
        MergingDigest oracle = ScoreSketch.read(bytes);

        for (int i = 0; i < 5000; i++) {
            double x = i % 3 == 0 ? values[random.nextInt(count)] : random.nextDouble(-1, 6);
            assertThat(table.rank(x)).as("rank of %s", x).isEqualTo(oracle.cdf(x));
        }
    }

    @Test
    void isExactBelowTwoThousandScores() {
        double[] values = new SplittableRandom(3).doubles(1500).toArray();
        RankTable table = RankTable.of(digest(values));
        ExactRanks exact = new ExactRanks(values);

        assertThat(Arrays.stream(values)
                        .map(x -> Math.abs(table.rank(x) - exact.rank(x)))
                        .max())
                .hasValueCloseTo(0.0, within(1e-12));
    }

    @Test
    void givesOneDocumentTheMiddle() {
        RankTable table = RankTable.of(digest(3.25));

        assertThat(table.rank(3.25)).isEqualTo(0.5);
        assertThat(table.rank(3)).isZero();
        assertThat(table.rank(4)).isEqualTo(1);
        assertThat(table.quantile(0.5)).isEqualTo(3.25);
    }

    @Test
    void givesEqualScoresTheMiddleOfTheirMass() {
        double[] equal = new double[30_000];
        Arrays.fill(equal, 2.0);

        assertThat(RankTable.of(digest(equal)).rank(2.0)).isEqualTo(0.5);
    }

    @Test
    void ranksHeavyTiesWithinItsBound() {
        SplittableRandom random = new SplittableRandom(11);
        double[] values = random.doubles(100_000)
                .map(u -> u < 0.1 ? 0.3 : u < 0.15 ? 0.7 : random.nextDouble())
                .toArray();
        RankTable table = RankTable.of(digest(values));
        ExactRanks exact = new ExactRanks(values);

        assertThat(table.rank(0.3)).isCloseTo(exact.rank(0.3), within(table.rankErrorBound()));
        assertThat(table.rank(0.7)).isCloseTo(exact.rank(0.7), within(table.rankErrorBound()));
    }

    @Test
    void measuresTheLargestDifferenceOfRanks() {
        RankTable one = RankTable.of(digest(1, 2, 3, 4));
        RankTable same = RankTable.of(digest(4, 3, 2, 1));
        RankTable beyond = RankTable.of(digest(11, 12, 13, 14));

        assertThat(one.distance(same)).isZero();
        assertThat(one.distance(beyond)).isGreaterThanOrEqualTo(0.875);
        assertThat(one.distance(beyond)).isEqualTo(beyond.distance(one));
    }

    @Test
    void refusesBytesThatAreNotADigest() {
        assertThatThrownBy(() -> RankTable.of(new byte[] {1, 2, 3})).isInstanceOf(IllegalArgumentException.class);
        byte[] cut = Arrays.copyOf(digest(1, 2, 3), 50);
        assertThatThrownBy(() -> RankTable.of(cut)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void refusesNumbersThatAreNotFinite(double value) {
        assertThatThrownBy(() -> digest(1, value)).hasMessageContaining("finite");
    }

    @Test
    void mergingNothingGivesNothing() {
        assertThat(ScoreSketch.merge(List.of())).isEmpty();
        assertThat(ScoreSketch.merge(List.of(new byte[0], digest(1, 2))))
                .isEqualTo(ScoreSketch.merge(List.of(digest(1, 2))));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 500, 30_000})
    void keepsRanksWhenEveryValueCountsSeveralTimes(int count) {
        double[] values = new SplittableRandom(count).doubles(count).toArray();
        byte[] once = digest(values);
        byte[] often = ScoreSketch.merge(List.of(ScoreSketch.scale(once, 64)));
        RankTable table = RankTable.of(once);
        RankTable weighted = RankTable.of(often);

        assertThat(weighted.weight()).isEqualTo(64.0 * count);
        for (double x = 0.05; x < 1; x += 0.05) {
            assertThat(weighted.rank(x)).isCloseTo(table.rank(x), within(1.0 / count + 0.002));
        }
    }
}
