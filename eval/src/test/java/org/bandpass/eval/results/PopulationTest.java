package org.bandpass.eval.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PopulationTest {

    @Test
    void countsByTheRankFormulaItself() {
        Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            // Few distinct values, so that ties lie at the cuts.
            double[] sorted = random.doubles(1 + random.nextInt(40))
                    .map(v -> Math.floor(v * 8))
                    .sorted()
                    .toArray();
            double from = random.nextInt(5) / 5.0;
            double to = from + (1 + random.nextInt(5)) / 5.0 * (1 - from);
            assertThat(Population.within(sorted, from, to)).isEqualTo(counted(sorted, from, to));
        }
    }

    private static long counted(double[] values, double from, double to) {
        return Arrays.stream(values)
                .filter(value -> {
                    long below = Arrays.stream(values).filter(v -> v < value).count();
                    long equal = Arrays.stream(values).filter(v -> v == value).count();
                    double rank = (below + equal / 2.0) / values.length;
                    return rank >= from && (rank < to || to >= 1);
                })
                .count();
    }

    @Test
    void lowAndHighHalvesShareNoValueAndLoseNone() {
        double[] sorted = new Random(4).doubles(1001).sorted().toArray();
        long low = Population.within(sorted, 0, 0.5);
        long high = Population.within(sorted, 0.5, 1);
        assertThat(low + high).isEqualTo(1001);
    }
}
