package org.bandpass.sources.file;

import java.io.InputStream;

/** Standard input, which can be read only once; the suffix of {@code fileName} shows its format. */
public record StandardInput(String fileName) implements Source {

    /** Its name on the command line. */
    public static final String NAME = "-";

    /** Returns standard input in the format of a suffix. */
    public static StandardInput of(String suffix) {
        return new StandardInput(NAME + "." + suffix);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean lasts() {
        return false;
    }

    @Override
    public InputStream open() {
        return System.in;
    }
}
