package org.bandpass.eval.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeMap;
import org.bandpass.eval.results.HeldOutResult;
import org.bandpass.eval.results.TaskResult;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WordsTest {

    @Test
    void comparesBitsPerByteWithTheNoiseOfTheDocuments() {
        assertThat(Words.difference(heldOut(-0.0123, 0.0045)))
                .isEqualTo("lower by 0.0123 ± 0.0045, beyond the noise of the held-out documents; one seed");
        assertThat(Words.difference(heldOut(0.0123, 0.0063)))
                .isEqualTo("higher by 0.0123 ± 0.0063, within the noise of the held-out documents; one seed");
        assertThat(Words.difference(heldOut(0.01, null))).isEqualTo("higher by 0.0100; one seed");
    }

    @Test
    void comparesAccuraciesWithTheNoiseOfTheQuestions() {
        assertThat(Words.difference(task(0.031, 0.012)))
                .isEqualTo("higher by 3.1 ± 1.2 points, beyond the noise of the questions; one seed");
        assertThat(Words.difference(task(-0.008, 0.012)))
                .isEqualTo("lower by 0.8 ± 1.2 points, within the noise of the questions; one seed");
    }

    @Test
    void writesNoNegativeZero() {
        assertThat(Words.decimals(-0.004, 2)).isEqualTo("0.00");
        assertThat(Words.decimals(-0.4, 0)).isEqualTo("0");
        assertThat(Words.decimals(-0.005001, 2)).isEqualTo("-0.01");
    }

    private static HeldOutResult heldOut(double difference, @Nullable Double error) {
        return new HeldOutResult(1.0, 2.0, 9, difference, error);
    }

    private static TaskResult task(double difference, double error) {
        return new TaskResult(0.5, 0.01, 100, 0.25, difference, error, new TreeMap<>());
    }
}
