package org.bandpass.languagemodel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training process is killed at random moments; the process that resumes ends with the same bits. */
@Tag("slow")
class KilledTrainingTest {
    private static final int STEPS = 400;
    private static final int KILLS = 2;

    @TempDir
    private Path folder;

    @Test
    void resumesWithTheSameBits() throws IOException, InterruptedException {
        Path undisturbed = Files.createDirectory(folder.resolve("undisturbed"));
        Path killed = Files.createDirectory(folder.resolve("killed"));
        assertThat(start(undisturbed).waitFor()).isZero();
        Random random = new Random(3);
        for (int kill = 0; kill < KILLS; kill++) {
            // Far from the end, even if this process notices it late.
            int until = saved(killed) + Training.EVERY * (1 + random.nextInt(10));
            Process process = start(killed);
            while (saved(killed) < until && process.isAlive()) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            process.destroyForcibly().waitFor();
            assertThat(saved(killed)).isBetween(until, STEPS - 1);
        }
        assertThat(start(killed).waitFor()).isZero();
        for (String file : List.of("model.safetensors", "optimizer.safetensors", "training.json")) {
            assertThat(killed.resolve("step-" + STEPS).resolve(file))
                    .hasSameBinaryContentAs(undisturbed.resolve("step-" + STEPS).resolve(file));
        }
    }

    private Process start(Path directory) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx500m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Training.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("said").toFile()));
        // So small a model gains nothing from a second thread, and loses much on a busy machine.
        builder.environment().put("OMP_NUM_THREADS", "1");
        return builder.start();
    }

    private static int saved(Path directory) throws IOException {
        try (Stream<Path> checkpoints = Files.list(directory)) {
            return checkpoints
                    .map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("step-"))
                    .mapToInt(name -> Integer.parseInt(name.substring(5)))
                    .max()
                    .orElse(0);
        }
    }

    /** The process that is killed: it resumes from the last complete checkpoint, and saves regularly. */
    static final class Training {
        private static final int EVERY = 5;

        private Training() {}

        public static void main(String[] arguments) throws IOException {
            Path directory = Path.of(arguments[0]);
            ModelConfig config = TinyModels.configs().toList().get(0);
            TrainingRecipe recipe =
                    new TrainingRecipe(Optimizer.LION, 1e-3, 1e-3, 0.9, 0.95, 1, 0.1, 0.1, STEPS, 4, 2, 12, "fp32");
            int step = saved(directory);
            try (TrainingSession session = step == 0
                    ? TrainingSession.start(config, recipe, 1, "cpu")
                    : TrainingSession.resume(directory.resolve("step-" + step), "cpu")) {
                while (session.step() < STEPS) {
                    long now = session.step();
                    session.step(IntStream.range(0, 4)
                            .mapToObj(row -> TinyModels.ids(13, 4 * now + row))
                            .toArray(int[][]::new));
                    if (session.step() % EVERY == 0) {
                        save(session, directory);
                    }
                }
            }
        }

        private static void save(TrainingSession session, Path directory) throws IOException {
            Path unfinished = directory.resolve("unfinished");
            if (Files.exists(unfinished)) {
                try (Stream<Path> files = Files.walk(unfinished)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
            session.save(Files.createDirectory(unfinished));
            Files.move(unfinished, directory.resolve("step-" + session.step()), StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
