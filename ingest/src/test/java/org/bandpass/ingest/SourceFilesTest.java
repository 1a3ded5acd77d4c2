package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bandpass.ingest.SampleFiles.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bandpass.service.ProgramFailure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceFilesTest {

    @TempDir
    private Path folder;

    private final List<String> talk = new ArrayList<>();

    @BeforeEach
    void makeFiles() throws IOException {
        Files.createDirectories(folder.resolve("sub/.hidden"));
        for (String name :
                List.of("b.jsonl", "a.txt", "image.png", ".x.jsonl", "sub/c.jsonl.gz", "sub/.hidden/d.jsonl")) {
            write(folder.resolve(name), "x");
        }
    }

    @Test
    void findsTheKnownFilesOfAFolderByName() {
        assertThat(find("")).containsExactly("a.txt", "b.jsonl", "sub/c.jsonl.gz");
        assertThat(talk).singleElement().asString().contains("3 files of known formats, 1 others are left out");
    }

    @Test
    void findsWhatAPatternMatches() {
        assertThat(find("*.jsonl")).containsExactly(".x.jsonl", "b.jsonl");
        assertThat(find("**.jsonl*")).containsExactly(".x.jsonl", "b.jsonl", "sub/.hidden/d.jsonl", "sub/c.jsonl.gz");
        assertThat(find("*/*.gz")).containsExactly("sub/c.jsonl.gz");
        assertThat(find("{a,b}.*", "image.png")).containsExactly("a.txt", "b.jsonl", "image.png");
    }

    @Test
    void takesAFileOfAPatternsNameForAFile() {
        write(folder.resolve("[1].jsonl"), "x");
        assertThat(find("[1].jsonl")).containsExactly("[1].jsonl");
    }

    @Test
    void saysAllThatIsMissing() {
        assertThatThrownBy(() -> find("missing", "a.txt", "*.none", "sub/{"))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("missing: no such file")
                .hasMessageContaining("*.none: no file matches")
                .hasMessageContaining("sub/{: neither file nor pattern")
                .hasMessageNotContaining("a.txt");
    }

    @Test
    void saysThatAFolderHasNothingToRead() throws IOException {
        Files.createDirectories(folder.resolve("empty"));
        assertThat(find("empty")).isEmpty();
        assertThat(talk).singleElement().asString().contains("0 files of known formats");
    }

    private List<String> find(String... names) {
        return SourceFiles.find(
                        Stream.of(names)
                                .map(name -> folder.resolve(name).toString())
                                .toList(),
                        new HttpRequests(new HttpSettings(1, 1, 1)),
                        talk::add)
                .stream()
                .map(source -> real(folder).relativize(Path.of(source.name())).toString())
                .toList();
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
