package org.bandpass.eval.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.bandpass.schemas.EvaluationResult;
import org.bandpass.schemas.EvaluationRow;
import org.junit.jupiter.api.Test;

/** Figures against numbers computed by hand and against a bootstrap. */
class EvaluationSummaryTest {

    private static final Offset<Double> EXACT = within(1e-12);

    @Test
    void derivesRatiosFromSums() {
        EvaluationSummary summary = EvaluationSummary.of(List.of(result(
                "control",
                "held-out",
                "1",
                0,
                likely("a", "code", 20, 10, 40),
                likely("b", "prose", 40, 30, 60),
                likely("c", "prose", 90, 40, 100))));

        EvaluationSummary.Task task = summary.task("control", "held-out");

        // 150 nats, 80 tokens, 200 bytes.
        assertThat(task.all().bitsPerByte()).isCloseTo(150 / (200 * Math.log(2)), EXACT);
        assertThat(task.all().perplexity()).isCloseTo(Math.exp(150.0 / 80), EXACT);
        // Residuals against 0.75 nats a byte: -10, -5, 15; 3/2 · 350 = 525.
        assertThat(task.all().bitsPerByteError()).isCloseTo(Math.sqrt(525) / 200 / Math.log(2), EXACT);
        assertThat(task.all().accuracy()).isNull();
        assertThat(task.all().standardError()).isNull();
        assertThat(task.groups().keySet()).containsExactly("code", "prose");
        assertThat(task.groups().get("prose").bitsPerByte()).isCloseTo(130 / (160 * Math.log(2)), EXACT);
        assertThat(task.groups().get("code").bitsPerByteError()).isNull();
        assertThat(task.complete()).isTrue();
    }

    @Test
    void countsAnswersAgainstChance() {
        EvaluationSummary summary = EvaluationSummary.of(List.of(
                result("control", "cloze", "1", 0.25, asked("a", 1), asked("b", 0), asked("c", 1), asked("d", 1))));

        RowFigures all = summary.task("control", "cloze").all();

        assertThat(all.accuracy()).isEqualTo(0.75);
        // Deviations .25, -.75, .25, .25: 0.75 / 3 / 4.
        assertThat(all.standardError()).isCloseTo(Math.sqrt(0.0625), EXACT);
        assertThat(all.normalisedAccuracy()).isCloseTo(2.0 / 3, EXACT);
    }

    /** The worked example of the gauntlet: baselines 0, .25, .5 and accuracies .40, .46, .45 make .1933. */
    @Test
    void averagesTasksInCategoriesAndCategoriesInTheAverage() {
        EvaluationSummary.Run run = EvaluationSummary.of(List.of(
                        result("r", "a", "1", 0, answers("knowledge", 40, 100)),
                        result("r", "b", "1", 0.25, answers("knowledge", 46, 100)),
                        result("r", "c", "1", 0.5, answers("knowledge", 45, 100)),
                        result("r", "cloze", "1", 0.25, answers("prose", 50, 100)),
                        result("r", "held-out", "1", 0, likely("x", "prose", 1, 1, 1))))
                .runs()
                .get("r");

        assertThat(run.categories().get("knowledge")).isCloseTo((0.40 + 0.28 - 0.10) / 3, EXACT);
        assertThat(run.categories().get("cloze")).isCloseTo(1.0 / 3, EXACT);
        assertThat(run.categories()).hasSize(2);
        assertThat(run.average()).isCloseTo(((0.40 + 0.28 - 0.10) / 3 + 1.0 / 3) / 2, EXACT);
    }

    @Test
    void joinsRangesInOrderAndNoticesMissingOnes() {
        EvaluationResult second = range("r", "1", 2, 3, 3, asked("c", 0));
        EvaluationResult first = range("r", "1", 0, 2, 3, asked("a", 1), asked("b", 1));

        assertThat(EvaluationSummary.of(List.of(second, first))
                        .task("r", "cloze")
                        .rows()
                        .keySet())
                .containsExactly("a", "b", "c");
        assertThat(EvaluationSummary.of(List.of(second, first))
                        .task("r", "cloze")
                        .complete())
                .isTrue();
        assertThat(EvaluationSummary.of(List.of(first)).task("r", "cloze").complete())
                .isFalse();
    }

    @Test
    void countsOnlyTheLatestVersionOfATask() {
        EvaluationSummary summary = EvaluationSummary.of(List.of(
                range("r", "old", 0, 2, 3, asked("a", 1), asked("b", 1)),
                range("r", "old", 2, 3, 3, asked("c", 1)),
                range("r", "new", 0, 1, 1, asked("a", 0))));

        assertThat(summary.task("r", "cloze").version()).isEqualTo("new");
        assertThat(summary.task("r", "cloze").all().accuracy()).isZero();
        assertThat(summary.task("r", "cloze").all().rows()).isEqualTo(1);
    }

    @Test
    void hasNoFiguresWithoutRows() {
        RowFigures none = EvaluationSummary.of(List.of(result("r", "cloze", "1", 0.25)))
                .task("r", "cloze")
                .all();

        assertThat(none.accuracy()).isNull();
        assertThat(none.bitsPerByte()).isNull();
        assertThat(none.perplexity()).isNull();
        assertThat(none.bitsPerByteError()).isNull();
    }

    /** Documents differ in length by a factor of ten, so an unweighted error would be far off. */
    @Test
    void hasTheErrorsOfABootstrap() {
        Random random = new Random(5);
        EvaluationRow[] rows = new EvaluationRow[400];
        Arrays.setAll(rows, i -> {
            long bytes = 200 + random.nextInt(1_800);
            double nats = bytes * (0.7 + 0.2 * random.nextGaussian());
            return new EvaluationRow(
                    "d" + i, "g", random.nextDouble() < 0.35 ? 1.0 : 0.0, nats, bytes / 3, bytes, null);
        });

        RowFigures figures = RowFigures.of(Arrays.asList(rows), 0.25);

        double[] accuracies = new double[4_000];
        double[] bits = new double[accuracies.length];
        for (int b = 0; b < bits.length; b++) {
            List<EvaluationRow> drawn = new ArrayList<>();
            for (int i = 0; i < rows.length; i++) {
                drawn.add(rows[random.nextInt(rows.length)]);
            }
            RowFigures sample = RowFigures.of(drawn, 0.25);
            accuracies[b] = sample.accuracy();
            bits[b] = sample.bitsPerByte();
        }
        // The bootstrap's own error is about 1 %.
        assertThat(figures.standardError() / deviation(accuracies)).isCloseTo(1, within(0.05));
        assertThat(figures.bitsPerByteError() / deviation(bits)).isCloseTo(1, within(0.05));
    }

    static double deviation(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1));
    }

    static EvaluationRow likely(String id, String group, double nats, long tokens, long bytes) {
        return new EvaluationRow(id, group, null, nats, tokens, bytes, null);
    }

    static EvaluationRow asked(String id, double correct) {
        return new EvaluationRow(id, "prose", correct, 10.0, 5L, 20L, null);
    }

    private static EvaluationRow[] answers(String group, int right, int all) {
        EvaluationRow[] rows = new EvaluationRow[all];
        Arrays.setAll(rows, i -> new EvaluationRow("q" + i, group, i < right ? 1.0 : 0.0, 1.0, 1L, 1L, null));
        return rows;
    }

    static EvaluationResult result(String run, String task, String version, double chance, EvaluationRow... rows) {
        return EvaluationResult.newBuilder()
                .setRunId(run)
                .setModelRevision("m")
                .setTask(task)
                .setTaskVersion(version)
                .setFromRow(0)
                .setToRow(rows.length)
                .setTaskRows(rows.length)
                .setChance(chance)
                .setLeftOut(Map.of())
                .setRows(List.of(rows))
                .build();
    }

    private static EvaluationResult range(
            String run, String version, int from, int to, int taskRows, EvaluationRow... rows) {
        return EvaluationResult.newBuilder(result(run, "cloze", version, 0.25, rows))
                .setFromRow(from)
                .setToRow(to)
                .setTaskRows(taskRows)
                .build();
    }
}
