package org.bandpass.languagemodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bandpass.languagemodel.ContinuationModel.Question;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Folders exchanged with Python's transformers in both directions. Runs if the system property {@code bandpass.python} or
 * the environment variable {@code BANDPASS_PYTHON} names a Python with torch and transformers; otherwise it is skipped.
 */
class TransformersTest {
    private static final String FOLDERS = "40";

    @TempDir
    private Path folder;

    private String python = "";

    @BeforeEach
    void findPython() {
        String property = System.getProperty("bandpass.python", "");
        python = property.isEmpty() ? System.getenv().getOrDefault("BANDPASS_PYTHON", "") : property;
        assumeTrue(!python.isEmpty(), "skipped: neither -Dbandpass.python nor BANDPASS_PYTHON names a Python");
    }

    @Test
    void transformersReadsWhatWeWrite() throws IOException, InterruptedException {
        int n = 0;
        for (ModelConfig config : TinyModels.configs().toList()) {
            if (n++ % 2 == 0) {
                continue; // the second of each family has the rarer switches
            }
            Path model = TinyModels.write(folder.resolve(config.architecture().family()), config, n);
            int[][] rows = {TinyModels.ids(2, 1), TinyModels.ids(7, 2), TinyModels.ids(config.contextLength(), 3)};
            Path oracle = folder.resolve("oracle.json");
            OracleFile.write(oracle, model, rows);
            run("check-folder.py", model.toString(), oracle.toString());
        }
    }

    /** 200 rows of each of the gauntlet's types. */
    @ParameterizedTest
    @MethodSource("org.bandpass.languagemodel.TinyModels#configs")
    void transformersGivesTheSameContinuations(ModelConfig config) throws IOException, InterruptedException {
        Path model = TinyModels.write(folder.resolve("model"), config, 7);
        List<Question> questions = new ArrayList<>(TinyQuestions.choices(200, 1, config.contextLength(), 8));
        questions.addAll(TinyQuestions.choices(200, 4, config.contextLength(), 9));
        questions.addAll(TinyQuestions.schema(200));
        List<int[]> prompts = new ArrayList<>();
        for (int p = 0; p < 200; p++) {
            prompts.add(TinyModels.ids(1 + p % config.contextLength(), p));
        }
        Path rows = folder.resolve("rows.jsonl");
        OracleFile.writeRows(rows, model, questions, prompts);
        run("check-gauntlet.py", model.toString(), rows.toString());
    }

    @Test
    void weReadWhatTransformersWrites() throws IOException, InterruptedException {
        run("make-folders.py", folder.resolve("made").toString(), "--count", FOLDERS);
        try (Stream<Path> made = Files.list(folder.resolve("made"))) {
            List<Path> folders = made.sorted().toList();
            assertThat(folders).hasSize(Integer.parseInt(FOLDERS));
            for (Path model : folders) {
                OracleFile.assertAgrees(model);
            }
        }
    }

    private void run(String tool, String... arguments) throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("bandpass.root", ".."));
        List<String> command =
                new ArrayList<>(List.of(python, root.resolve("tools/" + tool).toString()));
        command.addAll(List.of(arguments));
        Path said = folder.resolve("said");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        boolean ended = process.waitFor(30, TimeUnit.MINUTES);
        process.destroyForcibly();
        assertThat(ended && process.exitValue() == 0)
                .as("%s said: %s", tool, Files.readString(said, StandardCharsets.UTF_8))
                .isTrue();
    }
}
