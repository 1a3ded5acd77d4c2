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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
