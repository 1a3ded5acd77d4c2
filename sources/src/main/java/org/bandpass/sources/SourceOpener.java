package org.bandpass.sources;

import com.fasterxml.jackson.core.JsonPointer;
import com.github.luben.zstd.ZstdIOException;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.zip.ZipException;
import org.bandpass.sources.code.SourcesJar;
import org.bandpass.sources.crawl.ArcFormat;
import org.bandpass.sources.crawl.CrawlFormat;
import org.bandpass.sources.crawl.CrawlReader;
import org.bandpass.sources.crawl.WarcFormat;
import org.bandpass.sources.file.Source;
import org.bandpass.sources.file.StandardInput;
import org.bandpass.sources.http.DownloadedFile;
import org.bandpass.sources.line.JsonLayout;
import org.bandpass.sources.line.JsonLines;
import org.bandpass.sources.line.JsonLinesReader;
import org.bandpass.sources.line.JsonShape;
import org.bandpass.sources.line.JsonValuesReader;
import org.bandpass.sources.line.PlainText;
import org.bandpass.sources.line.TextLines;
import org.bandpass.sources.parquet.ParquetReader;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.Field;
import org.bandpass.sources.record.RecordReader;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.stream.BoundedExpansion;
import org.bandpass.sources.stream.Compression;
import org.bandpass.sources.stream.SlidingBytes;
import org.bandpass.sources.stream.StoredBytes;
import org.jspecify.annotations.Nullable;

/** Opens a source with the reader of its format, after a look at whether its content is what its name says. */
public final class SourceOpener {

    private static final int HEAD = 64 << 10;
    private static final int MAGIC = 16;
    /** The bytes of UTF-8 by which some editors begin it. */
    private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";
    /** A text that is shorter is no archive. */
    private static final int SHORTEST_ARCHIVE = 100;

    private final Bounds bounds;
    private final JsonShape shape;
    private final byte @Nullable [] dictionary;

    /** Opens a file that is here. */
    private interface FileOpener {
        RecordReader open(Path file, LongConsumer stored) throws IOException;
    }

    /**
     * Opens sources within bounds.
     *
     * @param fields where a JSON record has what, in order of preference
     */
    public SourceOpener(Bounds bounds, Map<Field, List<JsonPointer>> fields) {
        this(bounds, new JsonShape(fields, bounds, false), null);
    }

    private SourceOpener(Bounds bounds, JsonShape shape, byte @Nullable [] dictionary) {
        this.dictionary = dictionary;
        this.bounds = bounds;
        this.shape = shape;
    }

    /** Returns what opens sources of the usual fields within the usual bounds, with token ids where records have them. */
    public static SourceOpener withTokenIds() {
        return new SourceOpener(Bounds.DEFAULT, new JsonShape(Field.usualPointers(), Bounds.DEFAULT, true), null);
    }

    /** Returns the same with a dictionary for zstd, or with none. */
    public SourceOpener withDictionary(byte @Nullable [] zstd) {
        return new SourceOpener(bounds, shape, zstd);
    }

    /**
     * Reads the records of a source from a position on.
     *
     * @param position records that are skipped
     * @param stored receives how many more stored bytes were read
     * @param records receives the records; what it fails with is thrown, and is no failure of the source
     * @return why the rest cannot be read, or null at the end
     */
    public @Nullable SourceFailure read(
            Source source, long position, LongConsumer stored, Consumer<SourceRecord> records) {
        boolean reading = true;
        try (RecordReader reader = open(source, stored)) {
            reader.skip(position);
            SourceRecord record = reader.next();
            while (record != null) {
                reading = false;
                records.accept(record);
                reading = true;
                record = reader.next();
            }
            return null;
        } catch (IOException e) {
            return failure(e);
        } catch (UncheckedIOException | StackOverflowError e) {
            if (reading) {
                return failure(e);
            }
            throw e;
        }
    }

    /** Returns what reading a source failed with as the reason for which its rest is refused. */
    public static SourceFailure failure(Throwable e) {
        if (e instanceof UncheckedIOException && e.getCause() != null) {
            return failure(e.getCause());
        }
        if (e instanceof SourceFailure known) {
            return known;
        }
        boolean broken = e instanceof EOFException
                || e instanceof ZipException
                || e instanceof ZstdIOException
                || e instanceof StackOverflowError;
        String detail = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new SourceFailure(broken ? Rejection.BROKEN_OFF : Rejection.UNREADABLE, detail, e);
    }

    /**
     * Returns a reader at the first record.
     *
     * @param stored receives how many more stored bytes were read
     * @throws SourceFailure if the content is not what the name says, or nothing that is read
     */
    public RecordReader open(Source source, LongConsumer stored) throws IOException {
        SourceFormat format = SourceFormat.named(source.fileName());
        if (format == SourceFormat.SOURCES_JAR) {
            return whole(source, stored, (file, bytes) -> SourcesJar.open(file, bounds, bytes));
        }
        if (format == SourceFormat.PARQUET) {
            return whole(source, stored, (file, bytes) -> ParquetReader.open(file, shape, bounds, bytes));
        }
        StoredBytes raw = new StoredBytes(source.open(), source.bytes(), stored);
        try {
            InputStream content = isTyped(source) ? typed(source, raw) : decompressed(source, raw);
            return switch (format) {
                case JSON_LINES -> json(source, content);
                case LINES -> lines(content);
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
        InputStream content = head.length == 0 ? buffered : named.decompress(buffered, dictionary);
        return new BoundedExpansion(content, raw::count, bounds);
    }

    /** What a person or a program types line by line is answered line by line, so nothing is read ahead of it. */
    private static boolean isTyped(Source source) {
        return source.name().equals(StandardInput.NAME) && source.fileName().matches("-\\.(jsonl|ndjson|lines)");
    }

    /** Returns what is typed after a look at what the first read gives. */
    private static InputStream typed(Source source, StoredBytes raw) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(raw, HEAD);
        Compression seen = Compression.seen(firstRead(buffered));
        if (seen != Compression.NONE) {
            String format = source.fileName().substring(StandardInput.NAME.length() + 1);
            throw new SourceFailure(
                    Rejection.NOT_AS_NAMED,
                    "the content is " + seen + ": say so with --format " + format
                            + ".gz, or with zst, bz2, xz or lz4 in place of gz");
        }
        return buffered;
    }

    private static byte[] firstRead(BufferedInputStream in) throws IOException {
        byte[] head = new byte[HEAD];
        in.mark(HEAD);
        try {
            return Arrays.copyOf(head, Math.max(0, in.read(head)));
        } finally {
            in.reset();
        }
    }

    private RecordReader lines(InputStream content) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(content, HEAD);
        buffered.mark(HEAD);
        int first = buffered.read();
        for (int i = 1; i < HEAD && (Character.isWhitespace(first) || BYTE_ORDER_MARK.indexOf(first) >= 0); i++) {
            first = buffered.read();
        }
        buffered.reset();
        return first == '{'
                ? new JsonLinesReader(buffered, shape, bounds.recordBytes())
                : new TextLines(buffered, bounds.recordBytes());
    }

    private RecordReader json(Source source, InputStream content) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(content, HEAD);
        JsonLayout layout = isTyped(source) ? layoutOfTyped(firstRead(buffered)) : layout(buffered);
        return layout == JsonLayout.LINES
                ? new JsonLinesReader(buffered, shape, bounds.recordBytes())
                : new JsonValuesReader(buffered, layout == JsonLayout.ARRAY, shape, bounds.recordBytes());
    }

    /** The first lines may be few and faulty, so that only a whole head can say that no line will be right. */
    private static JsonLayout layoutOfTyped(byte[] head) throws SourceFailure {
        try {
            return JsonLayout.of(head);
        } catch (SourceFailure e) {
            if (head.length == HEAD) {
                throw e;
            }
            return JsonLayout.LINES;
        }
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
