package org.bandpass.languagemodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NonFiniteGradientTest {
    private static final int WIDTH = 24;
    private static final int SPOILT = TinyModels.VOCABULARY - 1;
    private static final ModelConfig CONFIG = new ModelConfig(GptNeox.of(TinyModels.VOCABULARY, 12, WIDTH, 2, 2));

    @ParameterizedTest
    @CsvSource({"ADAMW, fp32", "LION, fp32", "ADAMW, bf16", "LION, bf16"})
    void aStepWithoutAFiniteGradientChangesNothing(Optimizer optimizer, String dtype, @TempDir Path folder)
            throws IOException {
        Path start = Files.createDirectory(folder.resolve("start"));
        Path before = Files.createDirectory(folder.resolve("before"));
        Path after = Files.createDirectory(folder.resolve("after"));
        Path ended = Files.createDirectory(folder.resolve("ended"));
        Path undisturbed = Files.createDirectory(folder.resolve("undisturbed"));
        TrainingRecipe recipe = new TrainingRecipe(optimizer, 1e-3, 1e-3, 0.9, 0.95, 1, 0.1, 0.1, 20, 4, 2, 12, dtype);
        try (TrainingSession session = TrainingSession.start(CONFIG, recipe, 7, "cpu")) {
            session.step(rows(1));
            session.save(start);
        }
        damage(start.resolve("model.safetensors"));
        try (TrainingSession session = TrainingSession.resume(start, "cpu")) {
            session.step(rows(2));
            session.save(before);
            int[][] rows = rows(3);
            rows[3][5] = SPOILT;
            assertThatExceptionOfType(NonFiniteGradientException.class)
                    .isThrownBy(() -> session.step(rows))
                    .satisfies(e -> assertThat(e.step()).isEqualTo(3))
                    .satisfies(e -> assertThat(e.norm()).isNaN());
            assertThat(session.step()).isEqualTo(2);
            session.save(after);
            session.step(rows(4));
            session.save(ended);
        }
        try (TrainingSession session = TrainingSession.resume(before, "cpu")) {
            session.step(rows(4));
            session.save(undisturbed);
        }
        for (String file : List.of("model.safetensors", "optimizer.safetensors", "training.json")) {
            assertThat(after.resolve(file)).hasSameBinaryContentAs(before.resolve(file));
            assertThat(ended.resolve(file)).hasSameBinaryContentAs(undisturbed.resolve(file));
        }
    }

    /** Rows without the damaged token. */
    private static int[][] rows(long seed) {
        int[][] rows = new int[4][];
        for (int r = 0; r < rows.length; r++) {
            rows[r] = TinyModels.ids(13, 10 * seed + r);
            for (int i = 0; i < rows[r].length; i++) {
                rows[r][i] %= SPOILT;
            }
        }
        return rows;
    }

    /** Makes the last token's embedding not a number. */
    private static void damage(Path safetensors) throws IOException {
        byte[] file = Files.readAllBytes(safetensors);
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) bytes.getLong(0);
        String json = new String(file, Long.BYTES, header, StandardCharsets.UTF_8);
        Matcher end =
                Pattern.compile("embed_in[^}]*\"data_offsets\":\\[\\d+,(\\d+)]").matcher(json);
        assertThat(end.find()).isTrue();
        int last = Long.BYTES + header + Integer.parseInt(end.group(1)) - WIDTH * Float.BYTES;
        for (int i = 0; i < WIDTH; i++) {
            bytes.putFloat(last + i * Float.BYTES, Float.NaN);
        }
        Files.write(safetensors, file);
    }
}
