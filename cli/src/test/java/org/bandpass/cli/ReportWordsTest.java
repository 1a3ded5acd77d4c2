package org.bandpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReportWordsTest {

    @Test
    void saysHowFarBitsPerByteDifferAndBeyondWhichNoise() {
        assertThat(ReportWords.difference(heldOut(-0.0123, 0.0045)))
                .isEqualTo("lower by 0.0123 ± 0.0045, beyond the noise of the held-out documents; one seed");
        assertThat(ReportWords.difference(heldOut(0.0123, 0.0063)))
                .isEqualTo("higher by 0.0123 ± 0.0063, within the noise of the held-out documents; one seed");
        assertThat(ReportWords.difference(heldOut(0.01, null))).isEqualTo("higher by 0.0100; one seed");
    }

    @Test
    void saysHowFarAccuraciesDifferAndBeyondWhichNoise() {
        assertThat(ReportWords.difference(task(0.031, 0.012)))
                .isEqualTo("higher by 3.1 ± 1.2 points, beyond the noise of the questions; one seed");
        assertThat(ReportWords.difference(task(-0.008, 0.012)))
                .isEqualTo("lower by 0.8 ± 1.2 points, within the noise of the questions; one seed");
    }

    private static ResultsLikelihood heldOut(double difference, @Nullable Double error) {
        return new ResultsLikelihood(1.0, 2.0, difference, error, 9);
    }

    private static ResultsTask task(double difference, double error) {
        return new ResultsTask(0.5, 0.01, 100, 0.25, difference, error, new TreeMap<>());
    }
}
