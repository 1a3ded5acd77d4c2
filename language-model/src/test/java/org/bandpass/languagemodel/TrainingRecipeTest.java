package org.bandpass.languagemodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schedule, update rules, clipping and accumulation against their definitions in double precision. */
class TrainingRecipeTest {
    private static final ModelConfig CONFIG = TinyModels.configs().toList().get(2);
    private static final int ROWS = 6;
    private static final int TOKENS = 8;

    @TempDir
    private Path folder;

    private int checkpoints;

    private static TrainingRecipe recipe(Optimizer optimizer, double clip, int rowsPerMicroBatch) {
        return new TrainingRecipe(
                optimizer, 0.01, 0.02, 0.9, 0.95, clip, 0.4, 0.1, 5, ROWS, rowsPerMicroBatch, TOKENS, "fp32");
    }

    @Test
    void theRateRisesLinearlyAndFallsByACosine() {
        TrainingRecipe recipe =
                new TrainingRecipe(Optimizer.LION, 2e-4, 2e-4, 0.9, 0.95, 1, 0.06, 0.1, 1000, 512, 8, 2048, "bf16");
        assertThat(recipe.rateShare(0)).isCloseTo(1 / 60.0, within(1e-12));
        assertThat(recipe.rateShare(29)).isCloseTo(0.5, within(1e-12));
        assertThat(recipe.rateShare(59)).isEqualTo(1);
        assertThat(recipe.rateShare(60)).isEqualTo(1);
        assertThat(recipe.rateShare(60 + 470)).isCloseTo(0.55, within(1e-12));
        assertThat(recipe.rateShare(1000)).isCloseTo(0.1, within(1e-12));
        assertThat(recipe.rateShare(2000)).isCloseTo(0.1, within(1e-12));
    }

    @Test
    void invalidValuesAreRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recipe(Optimizer.LION, -1, 2))
                .withMessage("clip norm is -1.0, expected from 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recipe(Optimizer.LION, 1, 7))
                .withMessageContaining("rows per micro-batch is 7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recipe(Optimizer.LION, 1, 2).withDtype("fp8"))
                .withMessage("dtype fp8 is unknown; expected fp32 or bf16");
    }

    @ParameterizedTest
    @CsvSource({"ADAMW, 0", "ADAMW, 0.1", "LION, 0", "LION, 0.1"})
    void updatesFollowTheDefinition(Optimizer optimizer, double clip) throws IOException {
        TrainingRecipe recipe = recipe(optimizer, clip, 2);
        Path before = CheckpointFiles.start(next(), CONFIG, recipe, 5);
        UpdateRule rule = new UpdateRule(recipe, weights(before));
        boolean clipped = false;
        try (TrainingSession session = TrainingSession.resume(before, "cpu")) {
            for (int step = 0; step < 4; step++) {
                int[][] rows = rows(step);
                clipped |= rule.step(gradient(before, rows)) > clip;
                session.step(rows);
                before = Files.createDirectory(next());
                session.save(before);
                Map<String, double[]> found = weights(before);
                rule.weights()
                        .forEach((name, numbers) -> assertThat(found.get(name))
                                .as(name)
                                .usingComparatorWithPrecision(2e-6)
                                .containsExactly(numbers));
                // The next step is checked from the numbers that were found.
                rule.continueFrom(found);
            }
        }
        assertThat(clipped).isTrue();
    }

    @Test
    void accumulationEqualsOneBatch() throws IOException {
        int[][] rows = rows(0);
        Map<String, double[]> whole = null;
        for (int rowsPerMicroBatch : new int[] {ROWS, 4, 1}) {
            TrainingRecipe recipe = meter(rowsPerMicroBatch);
            Path start = CheckpointFiles.start(next(), CONFIG, recipe, 5);
            Map<String, double[]> gradient = gradientOf(start, rows);
            whole = whole == null ? gradient : whole;
            for (Map.Entry<String, double[]> expected : whole.entrySet()) {
                double largest =
                        Arrays.stream(expected.getValue()).map(Math::abs).max().orElseThrow();
                assertThat(gradient.get(expected.getKey()))
                        .usingComparatorWithPrecision(1e-5 * largest + 1e-9)
                        .containsExactly(expected.getValue());
            }
        }
    }

    /** A recipe under which the first moment after a step is the step's gradient. */
    private static TrainingRecipe meter(int rowsPerMicroBatch) {
        return new TrainingRecipe(
                Optimizer.ADAMW, 1e-3, 0, 0, 0.9, 0, 0, 0.1, 5, ROWS, rowsPerMicroBatch, TOKENS, "fp32");
    }

    /** The gradient at the weights of a checkpoint. */
    private Map<String, double[]> gradient(Path checkpoint, int[][] rows) throws IOException {
        Path start = CheckpointFiles.start(next(), CONFIG, meter(2), 5);
        Files.copy(
                checkpoint.resolve("model.safetensors"),
                start.resolve("model.safetensors"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        return gradientOf(start, rows);
    }

    private Map<String, double[]> gradientOf(Path start, int[][] rows) throws IOException {
        Path after = Files.createDirectory(next());
        try (TrainingSession session = TrainingSession.resume(start, "cpu")) {
            session.step(rows);
            session.save(after);
        }
        return CheckpointFiles.firstMoments(after);
    }

    private static Map<String, double[]> weights(Path checkpoint) throws IOException {
        Map<String, double[]> byName = new java.util.HashMap<>();
        ReferenceModel.tensors(checkpoint.resolve("model.safetensors"))
                .forEach((name, numbers) -> byName.put(CONFIG.architecture().plainName(name), numbers));
        return byName;
    }

    private static int[][] rows(int step) {
        int[][] rows = new int[ROWS][];
        Arrays.setAll(rows, r -> TinyModels.ids(TOKENS + 1, 100L * step + r));
        return rows;
    }

    private Path next() {
        return folder.resolve("checkpoint-" + checkpoints++);
    }
}
