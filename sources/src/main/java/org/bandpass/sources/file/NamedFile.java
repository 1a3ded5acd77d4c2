package org.bandpass.sources.file;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that is not looked at before its turn comes, as it may be one of very many, or gone by then.
 *
 * @param file where it is
 */
public record NamedFile(Path file) implements UnseenSource {

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
    public @Nullable Path path() {
        return file;
    }
}
