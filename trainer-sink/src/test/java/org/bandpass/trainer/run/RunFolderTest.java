package org.bandpass.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.bandpass.trainer.data.DataPosition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a run, which a later version must read. */
class RunFolderTest {

    private static final String DEFINITION = """
            {
              "identity" : {
                "--run" : "low",
                "--seed" : "7"
              },
              "budget" : {
                "steps" : 200,
                "rowsPerStep" : 8,
                "sequenceTokens" : 32
              },
              "snapshot" : [ {
                "partition" : 0,
                "from" : 1,
                "to" : 90,
                "records" : 40
              } ],
              "learningRate" : 0.001,
              "manifest" : {
                "dtype" : "fp32"
              }
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void keepsTheFormatOfRunJson() throws IOException {
        Path file = Files.writeString(folder.resolve("run.json"), DEFINITION);
        try (RunFolder run = RunFolder.open(folder, true)) {
            RunDefinition definition = Objects.requireNonNull(run.definition());
            assertThat(definition.budget()).isEqualTo(new StepBudget(200, 8, 32));
            run.define(definition);
        }
        assertThat(Files.readString(file)).isEqualTo(DEFINITION);
    }

    @Test
    void keepsTheFormatOfProgressJson() throws IOException {
        String json = "{\"step\":2,\"position\":{\"epoch\":1,\"document\":3,\"token\":0,\"carry\":7},\"seconds\":1.5,"
                + "\"endedBy\":\"DATA\",\"losses\":[2.5,2.0]}\n";
        Files.writeString(folder.resolve("run.json"), DEFINITION);
        Path checkpoint = Files.createDirectories(folder.resolve("checkpoints/step-000002"));
        Files.writeString(checkpoint.resolve("progress.json"), json);
        try (RunFolder run = RunFolder.open(folder, true)) {
            RunProgress progress = Objects.requireNonNull(run.lastCheckpoint()).progress();
            assertThat(progress.position()).isEqualTo(new DataPosition(1, 3, 0, 7));
            assertThat(progress.losses().losses()).isEqualTo(List.of(2.5, 2.0));
            assertThat(progress.endedBy()).isEqualTo(RunProgress.EndedBy.DATA);
            assertThat(RunFolder.JSON.readTree(RunFolder.JSON.writeValueAsString(progress)))
                    .isEqualTo(RunFolder.JSON.readTree(json));
        }
    }

    @Test
    void keepsTheLatestCheckpointsOnly() throws IOException {
        Files.writeString(folder.resolve("run.json"), DEFINITION);
        for (String name : List.of("step-000002", "step-000010", "step-1000000", "step-000011.unfinished")) {
            Files.createDirectories(folder.resolve("checkpoints").resolve(name));
        }
        try (RunFolder run = RunFolder.open(folder, true)) {
            run.deleteOldCheckpoints(0);
            assertThat(checkpoints()).containsExactly("step-000002", "step-000010", "step-1000000");
            run.deleteOldCheckpoints(2);
            assertThat(checkpoints()).containsExactly("step-000010", "step-1000000");
            run.deleteOldCheckpoints(1);
            assertThat(checkpoints()).containsExactly("step-1000000");
        }
    }

    private List<String> checkpoints() throws IOException {
        try (Stream<Path> entries = Files.list(folder.resolve("checkpoints"))) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }
}
