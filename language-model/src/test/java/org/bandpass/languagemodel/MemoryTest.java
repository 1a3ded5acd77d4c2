package org.bandpass.languagemodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bandpass.languagemodel.ContinuationModel.Question;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Resident memory, native memory included, stays flat over work of varying shape. */
@Tag("slow")
class MemoryTest {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int CONTEXT = 256;
    private static final ModelConfig CONFIG = new ModelConfig(Mpt.of(500, CONTEXT, 64, 2, 4));
    /** Growth of the heap and of the libraries' caches that is allowed after the first part. */
    private static final long BOUND_KIB = 48 << 10;

    private static final int ROUNDS = 3;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"fp32", "bf16"})
    void tenThousandBatchesOfVaryingShape(String dtype) throws IOException {
        score(dtype, 10_000);
    }

    @ParameterizedTest
    @CsvSource({"LION, fp32, 1000", "ADAMW, fp32, 1000", "LION, bf16, 1000", "ADAMW, bf16, 1000"})
    void aThousandSteps(Optimizer optimizer, String dtype, int steps) {
        train(optimizer, dtype, steps);
    }

    /** A generation's keys and values are freed, and prompts computed once leave nothing behind. */
    @Test
    void continuationsAndGenerations() {
        ModelFolder.initialise(folder, CONFIG, 1);
        Random random = new Random(1);
        try (LanguageModel model = LanguageModel.load(folder, "cpu", "fp32")) {
            flat(1000, () -> {
                List<Question> questions = new ArrayList<>();
                List<int[]> prompts = new ArrayList<>();
                for (int q = 0; q < 4; q++) {
                    int[] prompt = ids(1 + random.nextInt(CONTEXT - 16), random);
                    prompts.add(prompt);
                    questions.add(new Question(prompt, List.of(ids(1 + q, random), ids(2 + q, random))));
                }
                model.score(questions, 2048);
                model.generate(prompts, 4, 2048, (prompt, answer) -> false);
            });
        }
    }

    private static int[] ids(int count, Random random) {
        return random.ints(count, 0, 500).toArray();
    }

    private void score(String dtype, int batches) throws IOException {
        ModelFolder.initialise(folder, CONFIG, 1);
        Random random = new Random(1);
        try (LanguageModel model = LanguageModel.load(folder, "cpu", dtype)) {
            flat(batches, () -> {
                int[][] rows = new int[1 + random.nextInt(8)][];
                for (int r = 0; r < rows.length; r++) {
                    rows[r] = random.ints(2 + random.nextInt(CONTEXT), 0, 500).toArray();
                }
                model.rowNats(rows);
            });
        }
    }

    private static void train(Optimizer optimizer, String dtype, int steps) {
        TrainingRecipe recipe =
                new TrainingRecipe(optimizer, 1e-3, 1e-4, 0.9, 0.95, 1, 0.1, 0.1, ROUNDS * steps, 4, 2, 64, dtype);
        Random random = new Random(1);
        try (TrainingSession session = TrainingSession.start(CONFIG, recipe, 1, "cpu")) {
            flat(steps, () -> {
                int[][] rows = new int[4][];
                for (int r = 0; r < rows.length; r++) {
                    rows[r] = random.ints(65, 0, 500).toArray();
                }
                session.step(rows);
            });
        }
    }

    /**
     * Memory may grow during a fifth of the work and not later. On a busy machine the compiler, the heap and the threads'
     * arenas reach their size late, but they stop growing; a leak grows in every round.
     */
    private static void flat(int times, Runnable work) {
        assumeTrue(Files.exists(STATUS), STATUS + " is absent: resident memory cannot be read here");
        for (int i = 0; i < times / 5; i++) {
            work.run();
        }
        long more = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && more >= BOUND_KIB; round++) {
            long before = residentKib();
            for (int i = times / 5; i < times; i++) {
                work.run();
            }
            more = residentKib() - before;
        }
        assertThat(more).as("KiB more in each of %d rounds", ROUNDS).isLessThan(BOUND_KIB);
    }

    private static long residentKib() {
        System.gc();
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
