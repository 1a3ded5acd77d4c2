package org.bandpass.selector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Compares with a stored file; -Dgolden.update rewrites it. */
public final class GoldenFile {

    private GoldenFile() {}

    /** Compares with a file in src/test/resources. */
    public static void check(String name, String now) {
        check(Path.of("src/test/resources").resolve(name), now);
    }

    public static void check(Path file, String now) {
        try {
            if (Boolean.getBoolean("golden.update")) {
                Files.writeString(file, now);
            }
            assertThat(now).isEqualTo(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
