package org.bandpass.sources.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.sources.SampleFiles.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedFolderTest {

    @TempDir
    private Path folder;

    /** File servers keep snapshots in such folders, each as large as all files. */
    @Test
    void doesNotReadHiddenFolders() throws IOException {
        write(folder.resolve("a.txt"), "x");
        write(Files.createDirectories(folder.resolve(".snapshot/hourly")).resolve("a.txt"), "x");
        List<String> asked = new ArrayList<>();

        NamedFolder all = NamedFolder.walk(
                folder,
                Integer.MAX_VALUE,
                false,
                path -> {
                    asked.add(path.toString());
                    return HiddenName.isIn(path);
                },
                path -> true);

        assertThat(all.files()).containsExactly(folder.resolve("a.txt"));
        assertThat(asked).containsExactlyInAnyOrder("", "a.txt", ".snapshot");
    }

    @Test
    void givesTheSizesOfFilesAtAGlance() throws IOException {
        Path real = folder.toRealPath();
        write(folder.resolve("a.txt"), "four");
        write(folder.resolve("b.jpeg"), "four");
        write(Files.createDirectories(folder.resolve("_temporary")).resolve("a.txt"), "x");
        Files.createSymbolicLink(folder.resolve("link.txt"), folder.resolve("a.txt"));
        Files.createSymbolicLink(folder.resolve("gone.txt"), folder.resolve("nowhere"));
        Files.createSymbolicLink(folder.resolve("folder.txt"), Files.createDirectories(folder.resolve("sub")));
        TreeMap<String, Long> sizes = new TreeMap<>();

        NamedFolder.glance(
                folder,
                path -> path.toString().endsWith(".txt"),
                (file, attributes) -> sizes.put(real.relativize(file).toString(), attributes.size()));

        assertThat(sizes).hasSize(2).containsEntry("a.txt", 4L).containsEntry("link.txt", 4L);
    }
}
