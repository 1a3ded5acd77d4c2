package org.bandpass.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bandpass.sources.SampleFiles.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bandpass.sources.file.StandardInput;
import org.bandpass.sources.http.HttpPatience;
import org.bandpass.sources.http.HttpRequests;
import org.bandpass.sources.record.UnusableInputException;
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
    void findsFilesThatMatchAPattern() {
        assertThat(find("*.jsonl")).containsExactly("b.jsonl");
        assertThat(find("**.jsonl*")).containsExactly("b.jsonl", "sub/c.jsonl.gz");
        assertThat(find("*/*.gz")).containsExactly("sub/c.jsonl.gz");
        assertThat(find("{a,b}.*", "image.png")).containsExactly("a.txt", "b.jsonl", "image.png");
    }

    @Test
    void leavesOutUnfinishedFilesOfOtherTools() throws IOException {
        for (String file : List.of(
                "_temporary/0/part.jsonl", "_x.jsonl", "._part.jsonl", "_year=2024/in.jsonl", "sub/_metadata.jsonl")) {
            Path path = folder.resolve(file);
            Files.createDirectories(path.getParent());
            write(path, "x");
        }
        assertThat(find("")).containsExactly("_year=2024/in.jsonl", "a.txt", "b.jsonl", "sub/c.jsonl.gz");
        assertThat(find("**.jsonl")).containsExactly("_year=2024/in.jsonl", "b.jsonl");
        assertThat(find("_x.jsonl", "_temporary/0", "_temporary/*/*"))
                .as("a file that is named")
                .containsExactly("_x.jsonl", "_temporary/0/part.jsonl", "_temporary/0/part.jsonl");
        assertThat(find("_*.jsonl")).containsExactly("_x.jsonl");
        assertThatThrownBy(() -> find("sub/*.jsonl")).hasMessageContaining("begin with _ or . only match a pattern");
    }

    @Test
    void prefersAFileToAPatternOfThatName() {
        write(folder.resolve("[1].jsonl"), "x");
        assertThat(find("[1].jsonl")).containsExactly("[1].jsonl");
    }

    @Test
    void prefersAFolderToAPatternOfThatName() throws IOException {
        write(Files.createDirectories(folder.resolve("br[1]")).resolve("a.jsonl"), "x");
        write(Files.createDirectories(folder.resolve("br1")).resolve("b.jsonl"), "x");

        assertThat(find("br[1]/*.jsonl")).containsExactly("br[1]/a.jsonl");
        assertThat(find("br[12]/*.jsonl")).containsExactly("br1/b.jsonl");
        assertThat(find("br[1]/../b*/a.jsonl")).containsExactly("br[1]/a.jsonl");
    }

    @Test
    void readsAFolderThatIsALink() throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("sub"));
        Files.createSymbolicLink(folder.resolve("again"), folder.resolve("link"));

        assertThat(find("link")).containsExactly("sub/c.jsonl.gz");
        assertThat(find("again")).containsExactly("sub/c.jsonl.gz");
        assertThat(find("link/*.gz")).containsExactly("sub/c.jsonl.gz");
        assertThat(find("li*/*.gz")).containsExactly("sub/c.jsonl.gz");
        assertThat(talk).isEmpty();
    }

    @Test
    void reportsLinksToFoldersThatAreLeftOut() throws IOException {
        Files.createSymbolicLink(folder.resolve("sub/up"), folder);
        Files.createSymbolicLink(folder.resolve("sub/file.txt"), folder.resolve("a.txt"));
        Files.createSymbolicLink(folder.resolve("sub/.up"), folder);

        assertThat(find("sub")).containsExactly("sub/c.jsonl.gz", "a.txt");
        assertThat(talk)
                .containsExactly(folder.resolve("sub") + ": 2 files of known formats, 0 others are left out, as are 1"
                        + " links to folders: name them to read their files");
        assertThatThrownBy(() -> find("*/*/*/*.gz")).as("a loop of links").hasMessageContaining("no file matches");
    }

    @Test
    void quotesTheArgumentThatIsWrong() throws IOException {
        Files.createSymbolicLink(folder.resolve("sub/gone.jsonl"), folder.resolve("nowhere"));
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("sub"));

        assertThatThrownBy(() -> find("link/gone.jsonl"))
                .hasMessageContaining(folder.resolve("link/gone.jsonl") + ": no such file");
        assertThatThrownBy(() -> find("link/*.none"))
                .hasMessageContaining(folder.resolve("link/*.none") + ": no file matches");
    }

    @Test
    void reportsAllMissingFiles() {
        assertThatThrownBy(() -> find("missing", "a.txt", "*.none", "sub/{"))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("missing: no such file")
                .hasMessageContaining("*.none: no file matches")
                .hasMessageContaining("sub/{: neither file nor pattern")
                .hasMessageNotContaining("a.txt");
    }

    @Test
    void reportsAFolderWithNothingToRead() throws IOException {
        Files.createDirectories(folder.resolve("empty"));
        assertThat(find("empty")).isEmpty();
        assertThat(talk).singleElement().asString().contains("0 files of known formats");
    }

    private List<String> find(String... names) {
        return SourceFiles.find(
                        Stream.of(names)
                                .map(name -> folder.resolve(name).toString())
                                .toList(),
                        StandardInput.of("jsonl"),
                        new HttpRequests(new HttpPatience(1, 1, 1, 60_000), line -> {}),
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
