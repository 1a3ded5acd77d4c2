package org.bandpass.sources.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A source that is only named so far: as one of very many, or as one on a server. */
public interface UnseenSource extends Source {

    @Override
    Source look() throws IOException;

    @Override
    default long bytes() {
        return -1;
    }

    @Override
    default long modifiedAt() {
        return 0;
    }

    @Override
    default String fingerprint(long size) throws IOException {
        return look().fingerprint(size);
    }

    @Override
    default InputStream open() throws IOException {
        return look().open();
    }

    @Override
    default @Nullable Path path() {
        return null;
    }
}
