package org.bandpass.selector;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a live plan keeps of a stationary stream, and of one whose mixture of domains changes abruptly. */
@Tag("slow")
class LiveSelectionTest {

    private static final double RATE = 0.5;
    private static final int WARM_UP = 20_000;
    private static final int STATIONARY = 120_000;
    private static final int HALF_LIFE = 10_000;
    private static final int CHANGE = 40_000;
    private static final int SETTLED = CHANGE + 6 * HALF_LIFE;
    private static final int END = SETTLED + 40_000;
    /** Centre of the scores of each domain, and its share before and after the change. */
    private static final double[] CENTRES = {2.2, 3.0, 4.1};

    private static final double[] BEFORE = {0.6, 0.3, 0.1};
    private static final double[] AFTER = {0.1, 0.3, 0.6};

    @TempDir
    private Path folder;

    @Test
    void keepsItsRateOfAStationaryStreamAndFindsItAgainAfterAChange() {
        boolean[] stationary = run(stream(STATIONARY, STATIONARY, 5), 0);
        boolean[] changing = run(stream(END, CHANGE, 6), HALF_LIFE);

        for (int from = 0; from + 10_000 <= STATIONARY; from += 100) {
            assertThat(Math.abs(kept(stationary, from, from + 10_000) - RATE))
                    .as("from %s", from)
                    .isLessThanOrEqualTo(0.025);
        }
        assertThat(Math.abs(kept(stationary, 0, STATIONARY) - RATE))
                .isLessThanOrEqualTo(0.003 + 2 / Math.sqrt(WARM_UP));
        assertThat(Math.abs(kept(changing, SETTLED, END) - RATE)).isLessThanOrEqualTo(0.02);
        // The change has an effect.
        assertThat(kept(changing, CHANGE, CHANGE + 2000)).isGreaterThan(0.7);
        GoldenFile.check(
                Path.of("../docs/live-selection.svg"),
                new LivePlot(RATE, END)
                        .mark("warm-up", WARM_UP)
                        .mark("domain mix changes", CHANGE)
                        .mark("six half-lives later", SETTLED)
                        .curve("stationary stream, no half-life", "#1f6f8b", stationary)
                        .curve("mix changes, half-life " + HALF_LIFE + " documents", "#c05621", changing)
                        .svg());
    }

    private boolean[] run(double[] scores, int halfLife) {
        try (LiveSimulation simulation =
                new LiveSimulation(folder.resolve("half-life-" + halfLife), RATE, WARM_UP, halfLife)) {
            return simulation.run(scores);
        }
    }

    private static double[] stream(int count, int change, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] scores = new double[count];
        for (int i = 0; i < count; i++) {
            double[] shares = i < change ? BEFORE : AFTER;
            double u = random.nextDouble();
            int domain = u < shares[0] ? 0 : u < shares[0] + shares[1] ? 1 : 2;
            scores[i] = CENTRES[domain] * Math.exp(0.15 * random.nextGaussian());
        }
        return scores;
    }

    private static double kept(boolean[] documents, int from, int to) {
        int kept = 0;
        for (int i = from; i < to; i++) {
            kept += documents[i] ? 1 : 0;
        }
        return kept / (double) (to - from);
    }
}
