package org.bandpass.eval.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SeedSpreadTest {

    @Test
    void pairsTheSeedsThatBothHave() {
        SeedSpread spread = SeedSpread.of(
                new TreeMap<>(Map.of(17L, 0.60, 18L, 0.66, 19L, 0.63, 20L, 0.99)),
                new TreeMap<>(Map.of(17L, 0.50, 18L, 0.54, 19L, 0.52, 21L, 0.01)));

        assertThat(spread.seeds()).isEqualTo(3);
        assertThat(spread.mean()).isCloseTo(0.63, within(1e-12));
        // (0.60, 0.66, 0.63): squares 0.0009 + 0.0009 over 2.
        assertThat(spread.standardDeviation()).isCloseTo(0.03, within(1e-12));
        // Differences 0.10, 0.12, 0.11.
        assertThat(spread.difference()).isCloseTo(0.11, within(1e-12));
        assertThat(spread.differenceStandardError()).isCloseTo(0.01 / Math.sqrt(3), within(1e-12));
        assertThat(spread.isBeyondNoise()).isTrue();
    }

    @Test
    void hasNoDifferenceForTheControlAndNoSpreadOfOneSeed() {
        TreeMap<Long, Double> two = new TreeMap<>(Map.of(1L, 2.0, 2L, 4.0));

        assertThat(SeedSpread.of(two, null)).isEqualTo(new SeedSpread(2, 3.0, Math.sqrt(2), null, null));
        assertThat(SeedSpread.of(two, new TreeMap<>(Map.of(2L, 4.0)))).isNull();
        assertThat(SeedSpread.of(new TreeMap<>(), null)).isNull();
    }

    @Test
    void usesTheQuantileOfStudent() {
        // With three seeds, t is 4.303; with ten it is 2.262.
        assertThat(new SeedSpread(3, 0, 1, 4.31, 1.0).isBeyondNoise()).isTrue();
        assertThat(new SeedSpread(3, 0, 1, -4.30, 1.0).isBeyondNoise()).isFalse();
        assertThat(new SeedSpread(10, 0, 1, -2.27, 1.0).isBeyondNoise()).isTrue();
        assertThat(new SeedSpread(30, 0, 1, 2.25, 1.0).isBeyondNoise()).isFalse();
        assertThat(new SeedSpread(2, 0, 1, null, null).isBeyondNoise()).isFalse();
    }
}
