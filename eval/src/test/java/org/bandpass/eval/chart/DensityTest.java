package org.bandpass.eval.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DensityTest {

    @Test
    void followsTheNormalDistributionItWasDrawnFrom() {
        double[] values = new double[20_000];
        Random random = new Random(7);
        Arrays.setAll(values, i -> 3 + 0.5 * random.nextGaussian());
        double[] density = Density.of(values, 0, 6);
        double width = 6.0 / density.length;
        assertThat(Arrays.stream(density).sum() * width).isCloseTo(1, within(1e-6));
        for (double at : new double[] {2, 2.5, 3, 3.7}) {
            double expected = Math.exp(-(at - 3) * (at - 3) / 0.5) / Math.sqrt(0.5 * Math.PI);
            assertThat(density[(int) (at / width)]).isCloseTo(expected, within(0.04));
        }
    }

    @Test
    void drawsOneValueAndEqualValues() {
        assertThat(Arrays.stream(Density.of(new double[] {1}, 0, 2)).max().orElse(0))
                .isPositive()
                .isFinite();
        assertThat(Arrays.stream(Density.of(new double[] {1, 1, 1}, 0, 2)).max().orElse(0))
                .isPositive()
                .isFinite();
    }

    @Test
    void leavesOutValuesOutside() {
        assertThat(Density.of(new double[] {-5, 9}, 0, 2)).containsOnly(0);
    }
}
