package org.bandpass.languagemodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every family against an independent forward pass. */
class ReferenceTest {
    private static final int END = 3;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("org.bandpass.languagemodel.TinyModels#configs")
    void likelihoodsAgreeAtEveryLengthAloneAndPadded(ModelConfig config) throws IOException {
        TinyModels.write(folder, config, 1);
        ReferenceModel reference = ReferenceModel.load(folder);
        int[][] rows = IntStream.of(1, 2, 5, config.contextLength() - 1, config.contextLength())
                .mapToObj(predicted -> TinyModels.ids(predicted + 1, predicted))
                .toArray(int[][]::new);
        try (LanguageModel model = LanguageModel.load(folder, "cpu", "fp32")) {
            float[][] padded = model.tokenNats(rows);
            double[] sums = model.rowNats(rows);
            for (int r = 0; r < rows.length; r++) {
                double[] expected = reference.nats(rows[r]);
                float[] alone = model.tokenNats(new int[][] {rows[r]})[0];
                assertThat(padded[r]).hasSize(expected.length);
                for (int i = 0; i < expected.length; i++) {
                    assertThat((double) alone[i]).isCloseTo(expected[i], within(1e-4 * Math.max(1, expected[i])));
                    assertThat((double) padded[r][i]).isCloseTo(expected[i], within(1e-4 * Math.max(1, expected[i])));
                }
                assertThat(sums[r]).isCloseTo(Arrays.stream(expected).sum(), Percentage.withPercentage(0.01));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.bandpass.languagemodel.TinyModels#configs")
    void aLongDocumentIsCutInWindowsThatPredictEveryTokenOnce(ModelConfig config) throws IOException {
        TinyModels.write(folder, config, 2);
        ReferenceModel reference = ReferenceModel.load(folder);
        int context = config.contextLength();
        List<int[]> documents = IntStream.of(1, context - 1, context, context + 1, 2 * context + 5)
                .mapToObj(length -> TinyModels.ids(length, length))
                .toList();
        try (LanguageModel model = LanguageModel.load(folder, "cpu", "fp32")) {
            DocumentLikelihoods likelihoods = new DocumentLikelihoods(model, END, 30, 0);
            List<Likelihood> scores = likelihoods.score(documents);
            for (int d = 0; d < documents.size(); d++) {
                int[] document = documents.get(d);
                double expected = 0;
                int windows = 0;
                for (int start = 0; start < document.length; start += context) {
                    int end = Math.min(document.length, start + context);
                    int[] row = new int[end - start + 1];
                    row[0] = start == 0 ? END : document[start - 1];
                    System.arraycopy(document, start, row, 1, end - start);
                    expected += Arrays.stream(reference.nats(row)).sum();
                    windows++;
                }
                assertThat(scores.get(d).nats()).isCloseTo(expected, Percentage.withPercentage(0.01));
                assertThat(scores.get(d).tokens()).isEqualTo(document.length);
                assertThat(scores.get(d).windows()).isEqualTo(windows);
            }
        }
    }

    /** With beta 1 = 0 and no clipping, the first moment after a step is the gradient of that step. */
    @ParameterizedTest
    @MethodSource("org.bandpass.languagemodel.TinyModels#configs")
    void gradientsAgreeWithFiniteDifferences(ModelConfig config) throws IOException {
        TrainingRecipe recipe = new TrainingRecipe(Optimizer.ADAMW, 1e-3, 0, 0, 0.9, 0, 0, 0.1, 5, 3, 2, 6, "fp32");
        int[][] rows = {TinyModels.ids(7, 1), TinyModels.ids(7, 2), TinyModels.ids(7, 3)};
        Path start = CheckpointFiles.start(folder.resolve("start"), config, recipe, 3);
        Path after = Files.createDirectory(folder.resolve("after"));
        double loss;
        try (TrainingSession session = TrainingSession.resume(start, "cpu")) {
            loss = session.step(rows);
            session.save(after);
        }
        ReferenceModel reference = ReferenceModel.load(start);
        assertThat(loss).isCloseTo(mean(reference, rows), within(1e-5));
        Map<String, double[]> gradients = CheckpointFiles.firstMoments(after);
        for (Weight weight : config.architecture().weights()) {
            double[] numbers = reference.weight(config.architecture().fileName(weight));
            double[] found = gradients.get(weight.name());
            double largest = Arrays.stream(found).map(Math::abs).max().orElseThrow();
            // Every number of small tensors, some of large ones.
            for (int i = 0; i < numbers.length; i += 1 + numbers.length / 60) {
                double kept = numbers[i];
                numbers[i] = kept + 1e-5;
                double more = mean(reference, rows);
                numbers[i] = kept - 1e-5;
                double less = mean(reference, rows);
                numbers[i] = kept;
                assertThat(found[i])
                        .as(weight.name() + " " + i)
                        .isCloseTo((more - less) / 2e-5, within(1e-4 * largest + 1e-6));
            }
        }
    }

    private static double mean(ReferenceModel reference, int[][] rows) {
        return Arrays.stream(rows)
                .flatMapToDouble(row -> Arrays.stream(reference.nats(row)))
                .average()
                .orElseThrow();
    }
}
