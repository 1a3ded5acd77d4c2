package org.bandpass.eval.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bandpass.eval.GauntletData;
import org.bandpass.service.ProgramFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

    /** {@code printf hello | git hash-object --stdin}. */
    private static final String HELLO = "git:b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0";

    /** {@code printf rebuilt | sha256sum}. */
    private static final String REBUILT = "sha256:9ae832844d70dd5a06b8c70f3f4f68bbe1c907b116d378c9654b217d4a7b6b4c";

    @TempDir
    private Path folder;

    @Test
    void aFileIsKnownByItsHash() throws IOException {
        DataFile file = file("local_data/a/x.jsonl");

        assertThat(state(file)).isEqualTo(DataState.MISSING);
        write("local_data/a/x.jsonl", "hello");
        assertThat(state(file)).isEqualTo(DataState.EXACT);
        write("local_data/a/x.jsonl", "rebuilt");
        assertThat(state(file)).isEqualTo(DataState.REBUILT);
        write("local_data/a/x.jsonl", "other");
        assertThat(state(file)).isEqualTo(DataState.ALTERED);
    }

    @Test
    void theFolderIsLocalDataOrTheOneAroundIt() throws IOException {
        DataFile file = file("local_data/a/x.jsonl", "beside/x.jsonl");
        write("local_data/a/x.jsonl", "other");
        write("beside/x.jsonl", "hello");

        for (Path given : List.of(folder, folder.resolve("local_data"))) {
            FileCheck check = DataFolder.of(given).check(file);
            assertThat(check.state()).isEqualTo(DataState.EXACT);
            assertThat(check.path()).hasSameTextualContentAs(folder.resolve("beside/x.jsonl"));
        }
    }

    @Test
    void aMissingFileIsNamedByItsUsualPlace() throws IOException {
        Files.createDirectories(folder.resolve("local_data"));

        FileCheck check = DataFolder.of(folder).check(file("local_data/x.jsonl", "beside/x.jsonl"));

        assertThat(check.path()).isEqualTo(folder.resolve("local_data/x.jsonl"));
        assertThat(check.sha256()).isNull();
    }

    @Test
    void aReplacedFileIsHashedAgain() throws IOException {
        write("local_data/x.jsonl", "hello");
        DataFolder data = DataFolder.of(folder);
        DataFile file = file("local_data/x.jsonl");
        assertThat(data.check(file).state()).isEqualTo(DataState.EXACT);

        write("local_data/x.jsonl", "another");

        assertThat(data.check(file).state()).isEqualTo(DataState.ALTERED);
    }

    @Test
    void noFolderIsRefused() {
        assertThatThrownBy(() -> DataFolder.of(folder.resolve("none")))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("there is no folder " + folder.resolve("none"));
    }

    /** Oracle: what is known of the archive: only hellaswag and mmlu are rebuilt, elementary_math_qa is missing. */
    @Test
    void theFilesOfTheArchiveAreKnown() {
        DataFolder data = DataFolder.of(GauntletData.folder());

        for (String name : Profile.names()) {
            for (ProfileTask task : Profile.named(name).tasks()) {
                assertThat(data.check(task.file()).state())
                        .as("%s of %s", task.key(), name)
                        .isEqualTo(stateInTheArchive(task.label()));
            }
        }
    }

    private static DataState stateInTheArchive(String label) {
        return switch (label) {
            case "hellaswag", "hellaswag_zeroshot", "mmlu" -> DataState.REBUILT;
            case "bigbench_elementary_math_qa" -> DataState.MISSING;
            default -> DataState.EXACT;
        };
    }

    private DataState state(DataFile file) throws IOException {
        Files.createDirectories(folder.resolve("local_data"));
        return DataFolder.of(folder).check(file).state();
    }

    private static DataFile file(String... paths) {
        return new DataFile(List.of(paths), 1, HELLO, List.of(REBUILT));
    }

    private void write(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
