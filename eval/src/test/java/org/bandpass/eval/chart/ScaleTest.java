package org.bandpass.eval.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ScaleTest {

    @Test
    void ticksAreNiceAndEncloseTheValues() {
        Random random = new Random(5);
        for (int round = 0; round < 500; round++) {
            double least = random.nextGaussian() * Math.pow(10, random.nextInt(8) - 4);
            double most = least + random.nextDouble() * Math.pow(10, random.nextInt(8) - 4) + 1e-6;
            Scale scale = around(least, most, 6);
            List<Double> ticks = scale.ticks();
            assertThat(scale.from()).isLessThanOrEqualTo(least);
            assertThat(scale.to()).isGreaterThanOrEqualTo(most);
            assertThat(ticks).hasSizeBetween(2, 9);
            assertThat(ticks.get(0)).isCloseTo(scale.from(), within(1e-6 * scale.step()));
            double digit = scale.step() / Math.pow(10, Math.floor(Math.log10(scale.step()) + 1e-9));
            assertThat(Math.round(digit)).isIn(1L, 2L, 5L);
        }
    }

    @Test
    void labelsDistinguishNeighbours() {
        assertThat(labels(0, 1)).containsExactly("0", "0.2", "0.4", "0.6", "0.8", "1.0");
        assertThat(labels(-20, 30)).containsExactly("-20", "-10", "0", "10", "20", "30");
        assertThat(labels(0, 2_000_000)).containsExactly("0", "0.5M", "1M", "1.5M", "2M");
        assertThat(labels(0, 20_000)).containsExactly("0", "5k", "10k", "15k", "20k");
    }

    private static Scale around(double least, double most, int ticks) {
        return Scale.around(DoubleStream.of(least, most).summaryStatistics(), ticks, 0, 100);
    }

    private static List<String> labels(double least, double most) {
        Scale scale = around(least, most, 5);
        return scale.ticks().stream().map(scale::label).toList();
    }

    @Test
    void mapsEndsToPixels() {
        Scale scale = Scale.between(2, 4, 4, 300, 100);
        assertThat(scale.at(2)).isEqualTo(300);
        assertThat(scale.at(3)).isEqualTo(200);
        assertThat(scale.at(4)).isEqualTo(100);
    }

    @Test
    void drawsASingleValueInTheMiddle() {
        Scale scale = Scale.between(3, 3, 4, 0, 100);
        assertThat(scale.at(3)).isCloseTo(50, within(1e-9));
    }

    @Test
    void refusesNaN() {
        assertThatThrownBy(() -> around(Double.NaN, 1, 5)).isInstanceOf(IllegalArgumentException.class);
    }
}
