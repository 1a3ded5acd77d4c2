package org.bandpass.sources;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bandpass.sources.file.NamedFile;
import org.bandpass.sources.file.Source;
import org.bandpass.sources.http.HttpLocation;
import org.bandpass.sources.http.HttpRequests;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.record.UnusableInputException;
import org.bandpass.sources.stream.Compression;
import org.bandpass.sources.stream.LineReader;
import org.jspecify.annotations.Nullable;

/**
 * A list of files, one a line, plain or compressed, as Common Crawl publishes them. Skips empty lines and lines that begin
 * with #. Relative paths are relative to a base.
 */
public final class SourceList {

    private static final int LONGEST_LINE = 16 << 10;
    private static final int MOST_LINES = 10_000_000;
    private static final int MAGIC = 16;
    /** Some editors write it at the beginning of a text. */
    private static final String BYTE_ORDER_MARK = "\ufeff";

    private final String name;
    private final @Nullable String base;
    private final HttpRequests requests;

    private SourceList(String name, @Nullable String base, HttpRequests requests) {
        this.name = name;
        this.base = base;
        this.requests = requests;
    }

    /**
     * Reads a list, but not the files in it.
     *
     * @param list file or URL of the list
     * @param base URL or folder, or null
     * @param dictionary dictionary of a list in zstd, or null
     * @throws UnusableInputException if it cannot be read or has an invalid entry
     */
    public static List<Source> read(
            String list, @Nullable String base, HttpRequests requests, byte @Nullable [] dictionary) {
        // An invalid URL is not quoted: it may hold a password.
        String name = HttpLocation.isUrl(list) ? "" : list + " ";
        try {
            Source source = HttpLocation.isUrl(list) ? HttpLocation.of(list, requests) : new NamedFile(Path.of(list));
            name = source.name() + " ";
            try (InputStream in = new BufferedInputStream(source.open())) {
                return new SourceList(source.name(), base, requests).entries(plain(in, dictionary));
            }
        } catch (InvalidPathException | IOException e) {
            throw new UnusableInputException(
                    "nothing was read, because the list " + name + "cannot be read: " + e.getMessage(), e);
        }
    }

    private static InputStream plain(InputStream in, byte @Nullable [] dictionary) throws IOException {
        in.mark(MAGIC);
        Compression seen = Compression.seen(in.readNBytes(MAGIC));
        in.reset();
        return seen.decompress(in, dictionary);
    }

    private List<Source> entries(InputStream in) throws IOException {
        List<Source> sources = new ArrayList<>();
        LineReader lines = new LineReader(in, LONGEST_LINE);
        for (int number = 1; lines.next(); number++) {
            if (lines.overlong() || number > MOST_LINES) {
                throw new UnusableInputException(where(number) + "is too long, or one too many, for a list of files");
            }
            String line = new String(lines.bytes(), lines.from(), lines.length(), StandardCharsets.UTF_8);
            String entry = (number == 1 && line.startsWith(BYTE_ORDER_MARK) ? line.substring(1) : line).strip();
            if (!entry.isEmpty() && !entry.startsWith("#")) {
                sources.add(source(entry, number));
            }
        }
        return sources;
    }

    private Source source(String entry, int number) {
        try {
            if (HttpLocation.isUrl(entry)) {
                return HttpLocation.of(entry, requests);
            }
            if (entry.matches("(?s)[a-zA-Z][a-zA-Z0-9+.-]*://.*")) {
                throw new UnusableInputException(
                        where(number) + "is a URL of a scheme that is not read; use its http or https address");
            }
            Path path = Path.of(entry);
            if (path.isAbsolute()) {
                return new NamedFile(path);
            }
            if (base == null) {
                throw new UnusableInputException(
                        where(number) + "is a relative path ('" + entry + "'): name its base with --base, for"
                                + " lists of Common Crawl --base https://data.commoncrawl.org/");
            }
            return HttpLocation.isUrl(base)
                    ? HttpLocation.of(base.endsWith("/") ? base + entry : base + "/" + entry, requests)
                    : new NamedFile(Path.of(base).resolve(path));
        } catch (InvalidPathException | SourceFailure e) {
            throw new UnusableInputException(where(number) + "names no file: " + e.getMessage(), e);
        }
    }

    private String where(int number) {
        return "nothing was read: line " + number + " of the list " + name + " ";
    }
}
