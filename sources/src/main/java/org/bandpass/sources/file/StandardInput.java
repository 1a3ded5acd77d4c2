package org.bandpass.sources.file;

import java.io.InputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Standard input, which is read once and never again.
 *
 * @param fileName a name that says what it holds
 */
public record StandardInput(String fileName) implements Source {

    /** What people call it. */
    public static final String NAME = "-";

    /** Returns standard input that holds what the suffix of a file's name says. */
    public static StandardInput of(String suffix) {
        return new StandardInput(NAME + "." + suffix);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public long bytes() {
        return -1;
    }

    @Override
    public long modifiedAt() {
        return 0;
    }

    @Override
    public String version() {
        return "";
    }

    @Override
    public String fingerprint(long bytes) {
        return "";
    }

    @Override
    public boolean lasts() {
        return false;
    }

    @Override
    public InputStream open() {
        return System.in;
    }

    @Override
    public @Nullable Path path() {
        return null;
    }
}
