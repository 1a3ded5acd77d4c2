package org.bandpass.eval;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/** The data files and vectors of the original suite beside the repository; tests are skipped where there are none. */
public final class GauntletData {

    private static final Path SHARED =
            Path.of(System.getProperty("bandpass.root", "..")).resolve("../shared/gauntlet");

    private static @Nullable Path unpacked;

    private GauntletData() {}

    /** Returns a folder with {@code local_data} and {@code paper_variants}; unpacked once, not to be written to. */
    public static synchronized Path folder() {
        requirePresent();
        if (unpacked == null) {
            try {
                unpacked = unpack();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return unpacked;
    }

    /** Returns a file of vectors. */
    public static JsonNode vectors(String name) throws IOException {
        requirePresent();
        return new ObjectMapper().readTree(SHARED.resolve(name).toFile());
    }

    private static void requirePresent() {
        assumeTrue(Files.isDirectory(SHARED), "skipped: there is no ../shared/gauntlet");
    }

    private static Path unpack() throws IOException {
        Path folder = Files.createTempDirectory("gauntlet");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
        try (TarArchiveInputStream tar = new TarArchiveInputStream(
                new ZstdInputStream(new BufferedInputStream(Files.newInputStream(SHARED.resolve("data.tar.zst")))))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = folder.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else {
                    Files.createDirectories(path.getParent());
                    Files.copy(tar, path);
                }
            }
        }
        return folder;
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> paths = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : paths) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
