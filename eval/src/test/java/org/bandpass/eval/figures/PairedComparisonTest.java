package org.bandpass.eval.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.bandpass.eval.figures.EvaluationSummaryTest.asked;
import static org.bandpass.eval.figures.EvaluationSummaryTest.deviation;
import static org.bandpass.eval.figures.EvaluationSummaryTest.likely;
import static org.bandpass.eval.figures.EvaluationSummaryTest.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bandpass.schemas.EvaluationRow;
import org.junit.jupiter.api.Test;

/** Differences against numbers computed by hand and against a bootstrap. */
class PairedComparisonTest {

    @Test
    void pairsRowsById() {
        PairedComparison comparison = PairedComparison.of(
                task("cloze", asked("a", 1), asked("b", 1), asked("c", 1), asked("only here", 0)),
                task("cloze", asked("c", 0), asked("a", 1), asked("b", 0), asked("only there", 1)));

        assertThat(comparison.rows()).isEqualTo(3);
        assertThat(comparison.answered()).isEqualTo(3);
        // Differences 0, 1, 1: mean 2/3, squares 4/9 + 1/9 + 1/9 = 2/3.
        assertThat(comparison.accuracyDifference()).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(comparison.accuracyError()).isCloseTo(Math.sqrt(2.0 / 3 / 2 / 3), within(1e-12));
    }

    @Test
    void takesRowsOfOneDocumentAsDependent() {
        PairedComparison comparison = PairedComparison.of(
                task("cloze", asked("a.1", 1), asked("a.9", 1), asked("b.1", 0)),
                task("cloze", asked("a.1", 0), asked("a.9", 0), asked("b.1", 0)));

        // Differences 1, 1, 0 with mean 2/3: the deviations of a sum to 2/3, that of b is -2/3; 2/1 · 8/9 over 3 rows.
        assertThat(comparison.accuracyError()).isCloseTo(Math.sqrt(16.0 / 9) / 3, within(1e-12));
    }

    @Test
    void comparesBitsOverTheCommonBytes() {
        PairedComparison comparison = PairedComparison.of(
                task("held-out", likely("a", "x", 30, 9, 40), likely("b", "x", 50, 9, 60)),
                task("held-out", likely("a", "x", 40, 9, 40), likely("b", "x", 50, 9, 60), likely("c", "x", 9, 9, 9)));

        assertThat(comparison.bitsPerByteDifference()).isCloseTo(-0.1 / Math.log(2), within(1e-12));
        // Row differences -10 and 0 against -0.1 a byte: residuals -6 and 6; 2/1 · 72 = 144.
        assertThat(comparison.bitsPerByteError()).isCloseTo(12.0 / 100 / Math.log(2), within(1e-12));
        assertThat(comparison.accuracyDifference()).isNull();
        assertThat(comparison.accuracyError()).isNull();
    }

    @Test
    void comparesWithinEachGroup() {
        var byGroup = PairedComparison.byGroup(
                task("held-out", likely("a", "x", 30, 9, 40), likely("b", "y", 50, 9, 50)),
                task("held-out", likely("a", "x", 20, 9, 40), likely("b", "y", 60, 9, 50), likely("c", "z", 9, 9, 9)));

        assertThat(byGroup.keySet()).containsExactly("x", "y");
        assertThat(byGroup.get("x").bitsPerByteDifference()).isCloseTo(0.25 / Math.log(2), within(1e-12));
        assertThat(byGroup.get("y").bitsPerByteDifference()).isCloseTo(-0.2 / Math.log(2), within(1e-12));
        assertThat(byGroup.get("x").bitsPerByteError()).isNull();
    }

    @Test
    void isEmptyWithoutCommonRows() {
        PairedComparison comparison = PairedComparison.of(task("cloze", asked("a", 1)), task("cloze", asked("b", 1)));

        assertThat(comparison).isEqualTo(new PairedComparison(0, 0, null, null, null, null));
    }

    @Test
    void refusesToCompareVersions() {
        EvaluationSummary.Task other =
                EvaluationSummary.of(List.of(result("r", "cloze", "2", 0.25))).task("r", "cloze");

        assertThat(task("cloze").comparableWith(other)).isFalse();
        assertThatThrownBy(() -> PairedComparison.of(task("cloze"), other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cloze version 1")
                .hasMessageContaining("version 2");
    }

    @Test
    void hasTheErrorsOfABootstrapOfPairs() {
        Random random = new Random(11);
        List<EvaluationRow> run = new ArrayList<>();
        List<EvaluationRow> control = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            long bytes = 100 + random.nextInt(2_000);
            // Hard documents are hard for both; only a small part of the variation belongs to the run.
            double hard = 0.7 + 0.2 * random.nextGaussian();
            double skill = random.nextDouble();
            control.add(new EvaluationRow("d" + i, "g", skill < 0.4 ? 1.0 : 0.0, bytes * hard, 1L, bytes, null));
            double own = hard - 0.01 + 0.02 * random.nextGaussian();
            run.add(new EvaluationRow("d" + i, "g", skill < 0.45 ? 1.0 : 0.0, bytes * own, 1L, bytes, null));
        }

        PairedComparison comparison = compare(run, control);

        double[] accuracies = new double[2_000];
        double[] bits = new double[accuracies.length];
        for (int b = 0; b < bits.length; b++) {
            List<EvaluationRow> drawnRun = new ArrayList<>();
            List<EvaluationRow> drawnControl = new ArrayList<>();
            for (int i = 0; i < run.size(); i++) {
                int drawn = random.nextInt(run.size());
                drawnRun.add(renamed(run.get(drawn), i));
                drawnControl.add(renamed(control.get(drawn), i));
            }
            PairedComparison sample = compare(drawnRun, drawnControl);
            accuracies[b] = sample.accuracyDifference();
            bits[b] = sample.bitsPerByteDifference();
        }
        assertThat(comparison.accuracyError() / deviation(accuracies)).isCloseTo(1, within(0.07));
        assertThat(comparison.bitsPerByteError() / deviation(bits)).isCloseTo(1, within(0.07));
        // The purpose of pairing: the difference is known far better than either side.
        assertThat(comparison.bitsPerByteError())
                .isLessThan(0.3 * RowFigures.of(run, 0).bitsPerByteError());
    }

    private static PairedComparison compare(List<EvaluationRow> run, List<EvaluationRow> control) {
        return PairedComparison.of(
                task("cloze", run.toArray(new EvaluationRow[0])), task("cloze", control.toArray(new EvaluationRow[0])));
    }

    private static EvaluationRow renamed(EvaluationRow row, int i) {
        return new EvaluationRow(
                "b" + i, row.getGroup(), row.getCorrect(), row.getNats(), row.getTokens(), row.getBytes(), null);
    }

    private static EvaluationSummary.Task task(String name, EvaluationRow... rows) {
        return EvaluationSummary.of(List.of(result("r", name, "1", 0.25, rows))).task("r", name);
    }
}
