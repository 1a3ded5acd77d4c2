package org.bandpass.sources.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.bandpass.sources.file.Source;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.stream.StoredBytes;

/** A local copy of a file on a server, for formats that need random access; in the folder {@code java.io.tmpdir}. */
public final class DownloadedFile {

    private static final long MIB = 1 << 20;

    private DownloadedFile() {}

    /**
     * Downloads a source to a new file, which the caller deletes; {@code stored} receives how many more bytes came.
     * Fails if the server does not give it, or the disk has no room for it.
     */
    public static Path of(Source source, LongConsumer stored) throws IOException {
        try {
            Path file = Files.createTempFile("bandpass-", ".download");
            try {
                requireRoom(source, file);
                try (InputStream in = new StoredBytes(source.open(), source.bytes(), stored);
                        OutputStream out = Files.newOutputStream(file)) {
                    in.transferTo(out);
                }
                return file;
            } catch (IOException | RuntimeException e) {
                Files.delete(file);
                throw e;
            }
        } catch (SourceFailure | InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw new SourceFailure(
                    Rejection.UNREADABLE,
                    "no copy of it can be written to " + System.getProperty("java.io.tmpdir") + ": " + e.getMessage(),
                    e);
        }
    }

    private static void requireRoom(Source source, Path file) throws IOException {
        long free = Files.getFileStore(file).getUsableSpace();
        if (source.bytes() > free) {
            throw new SourceFailure(
                    Rejection.UNREADABLE,
                    "a copy of it needs " + source.bytes() / MIB + " MiB in " + file.getParent() + ", where "
                            + free / MIB
                            + " MiB are free; name another folder with JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=…");
        }
    }
}
