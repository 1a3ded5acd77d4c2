package org.bandpass.sources.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** A file that is not read before its turn, as it may be one of very many, or gone by then. */
public record NamedFile(Path file) implements Source {

    @Override
    public String name() {
        return file.toAbsolutePath().normalize().toString();
    }

    @Override
    public String fileName() {
        return String.valueOf(file.getFileName());
    }

    @Override
    public Source look() throws IOException {
        return LocalFile.of(file);
    }

    @Override
    public InputStream open() throws IOException {
        return look().open();
    }
}
