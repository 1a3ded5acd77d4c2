package org.bandpass.languagemodel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingSessionTest {

    @ParameterizedTest
    @CsvSource({"ADAMW, fp32", "LION, fp32", "ADAMW, bf16", "LION, bf16"})
    void resumesBitForBit(Optimizer optimizer, String dtype, @TempDir Path folder) throws IOException {
        ModelConfig config = new ModelConfig(Mpt.of(300, 32, 48, 2, 3));
        TrainingRecipe recipe = new TrainingRecipe(optimizer, 1e-3, 1e-3, 0.9, 0.95, 1, 0.1, 0.1, 20, 6, 2, 32, dtype);
        Path whole = Files.createDirectory(folder.resolve("whole"));
        Path half = Files.createDirectory(folder.resolve("half"));
        Path resumed = Files.createDirectory(folder.resolve("resumed"));
        double first;
        double last = 0;
        try (TrainingSession session = TrainingSession.start(config, recipe, 7, "cpu")) {
            first = session.step(rows(0));
            for (int i = 1; i < 20; i++) {
                if (i == 9) {
                    session.save(half);
                }
                last = session.step(rows(i));
            }
            session.save(whole);
        }
        assertThat(last).isLessThan(first - 1);
        try (TrainingSession session = TrainingSession.resume(half, "cpu")) {
            assertThat(session.step()).isEqualTo(9);
            for (int i = 9; i < 20; i++) {
                session.step(rows(i));
            }
            session.save(resumed);
        }
        for (String file :
                new String[] {"model.safetensors", "optimizer.safetensors", "training.json", "config.json"}) {
            assertThat(resumed.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
        }
    }

    private static int[][] rows(int step) {
        Random random = new Random(step);
        int[][] rows = new int[6][33];
        for (int[] row : rows) {
            row[0] = random.nextInt(300);
            for (int i = 1; i < row.length; i++) {
                row[i] = (row[i - 1] * 2 + 1) % 37;
            }
        }
        return rows;
    }
}
