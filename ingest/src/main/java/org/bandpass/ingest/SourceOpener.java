package org.bandpass.ingest;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.bandpass.ingest.IngestSettings.Bounds;

/** Opens a source with the reader of its format, after a look at whether its content is what its name says. */
final class SourceOpener {

    private static final int HEAD = 64 << 10;
    private static final int MAGIC = 16;
    /** A text that is shorter is no archive. */
    private static final int SHORTEST_ARCHIVE = 100;

    private final Bounds bounds;
    private final JsonShape shape;

    /** Opens a file that is here. */
    private interface FileOpener {
        RecordReader open(Path file, LongConsumer stored) throws IOException;
    }

    SourceOpener(IngestSettings settings) {
        this.bounds = settings.bounds();
        this.shape = new JsonShape(settings.fields(), settings.bounds());
    }

    /**
     * Returns a reader at the first record.
     *
     * @param stored is told how many more stored bytes were read
     * @throws SourceFailure if the content is not what the name says, or nothing that is read
     */
    RecordReader open(Source source, LongConsumer stored) throws IOException {
        SourceFormat format = SourceFormat.named(source.fileName());
        if (format == SourceFormat.SOURCES_JAR) {
            return whole(source, stored, (file, bytes) -> SourcesJar.open(file, bounds, bytes));
        }
        if (format == SourceFormat.PARQUET) {
            return whole(source, stored, (file, bytes) -> ParquetReader.open(file, shape, bounds, bytes));
        }
        StoredBytes raw = new StoredBytes(source.open(), source.bytes(), stored);
        try {
            InputStream content = decompressed(source, raw);
            return switch (format) {
                case JSON_LINES -> json(content);
                case TEXT -> text(source, content);
                case WARC -> crawl(source, content, new WarcFormat());
                case ARC -> crawl(source, content, new ArcFormat());
                case PARQUET, SOURCES_JAR -> throw new IllegalStateException("opened above");
            };
        } catch (IOException | RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    /** Opens a source of a format that begins at its end; what is elsewhere is brought here first. */
    private static RecordReader whole(Source source, LongConsumer stored, FileOpener format) throws IOException {
        if (Compression.named(source.fileName()) != Compression.NONE) {
            throw new SourceFailure(
                    Rejection.UNSUPPORTED, "it is compressed as a whole, which files of its format are not: unpack it");
        }
        Path path = source.path();
        if (path != null) {
            return format.open(path, stored);
        }
        Path copy = DownloadedFile.of(source, stored);
        try {
            return format.open(copy, bytes -> {});
        } finally {
            // An open file can be read to its end, and so leaves nothing behind however the program ends.
            Files.delete(copy);
        }
    }

    private InputStream decompressed(Source source, StoredBytes raw) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(raw, HEAD);
        byte[] head = peek(buffered, MAGIC);
        Compression named = Compression.named(source.fileName());
        Compression seen = Compression.seen(head);
        if (named != seen && head.length > 0) {
            throw new SourceFailure(
                    Rejection.NOT_AS_NAMED,
                    seen == Compression.NONE
                            ? "the name says " + named + ", the content is not"
                            : "the content is " + seen + ", the name says "
                                    + (named == Compression.NONE ? "no compression" : named));
        }
        InputStream content = head.length == 0 ? buffered : named.decompress(buffered);
        return new BoundedExpansion(content, raw::count, bounds);
    }

    private RecordReader json(InputStream content) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(content, HEAD);
        JsonLayout layout = layout(buffered);
        return layout == JsonLayout.LINES
                ? new JsonLinesReader(buffered, shape, bounds.recordBytes())
                : new JsonValuesReader(buffered, layout == JsonLayout.ARRAY, shape, bounds.recordBytes());
    }

    /** Returns how the records of a file of JSON stand, seen from its first bytes, so many as stored. */
    JsonLayout layout(Source source, long bytes) throws IOException {
        try (BufferedInputStream content = new BufferedInputStream(json(source, bytes), HEAD)) {
            return layout(content);
        }
    }

    private static JsonLayout layout(BufferedInputStream content) throws IOException {
        return JsonLayout.of(peek(content, JsonLayout.HEAD, true));
    }

    /** Returns the lines of a file of JSON lines, of its first bytes, so many as stored. */
    JsonLines lines(Source source, long bytes) throws IOException {
        return new JsonLines(json(source, bytes), bounds.recordBytes());
    }

    private InputStream json(Source source, long bytes) throws IOException {
        StoredBytes raw = new StoredBytes(source.open(), bytes, more -> {});
        try {
            return decompressed(source, raw);
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    /** The name of a text says little, so that the content may know better: some tools write WET files as txt. */
    private RecordReader text(Source source, InputStream content) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(content, HEAD);
        CrawlFormat warc = new WarcFormat();
        byte[] head = peek(buffered, HEAD);
        return head.length >= SHORTEST_ARCHIVE && begins(warc, head)
                ? new CrawlReader(buffered, warc, bounds, isSealed(source))
                : new PlainText(buffered, source.fileName(), bounds.recordBytes());
    }

    private RecordReader crawl(Source source, InputStream content, CrawlFormat format) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(content, HEAD);
        byte[] head = peek(buffered, HEAD);
        if (head.length > 0 && !begins(format, head)) {
            throw new SourceFailure(
                    Rejection.NOT_AS_NAMED,
                    "the name says " + format.name() + ", but no such record begins the content");
        }
        return new CrawlReader(buffered, format, bounds, isSealed(source));
    }

    /** Returns whether content that ends is whole: the trailers of gzip and zstd say so, and what lacks one fails. */
    private static boolean isSealed(Source source) {
        return Compression.named(source.fileName()) != Compression.NONE;
    }

    private static boolean begins(CrawlFormat format, byte[] head) {
        SlidingBytes bytes = new SlidingBytes(new ByteArrayInputStream(head), head.length);
        return format.begins(bytes, bytes.afterPadding(0, HEAD));
    }

    private static byte[] peek(BufferedInputStream in, int length) throws IOException {
        return peek(in, length, false);
    }

    /**
     * Returns the first bytes without passing them.
     *
     * @param broken whether those before a break are enough, rather than none
     */
    private static byte[] peek(BufferedInputStream in, int length, boolean broken) throws IOException {
        byte[] head = new byte[length];
        int count = 0;
        in.mark(length);
        try {
            for (int more = 0; more >= 0 && count < length; more = in.read(head, count, length - count)) {
                count += more;
            }
            return Arrays.copyOf(head, count);
        } catch (IOException e) {
            if (count == 0 && e instanceof SourceFailure) {
                throw e;
            }
            // A file that breaks off this early may not be judged; reading gives its records, then fails again.
            return Arrays.copyOf(head, broken ? count : 0);
        } finally {
            in.reset();
        }
    }
}
