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
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import org.bandpass.sources.line.JsonLinesReader;
import org.bandpass.sources.line.JsonShape;
import org.bandpass.sources.line.JsonValuesReader;
import org.bandpass.sources.line.PlainText;
import org.bandpass.sources.line.TextLines;
import org.bandpass.sources.page.PagePart;
import org.bandpass.sources.parquet.ParquetReader;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.Field;
import org.bandpass.sources.record.RecordReader;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.stream.Compression;
import org.bandpass.sources.stream.Expansion;
import org.bandpass.sources.stream.SlidingBytes;
import org.bandpass.sources.stream.StoredBytes;
import org.jspecify.annotations.Nullable;

/** Opens a source with the reader of its format, and checks that its content is what its name shows. */
public final class SourceOpener {

    private static final int HEAD = JsonLayout.HEAD;
    private static final int MAGIC = 16;
    /** The bytes of UTF-8 with which some editors begin a file. */
    private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";
    /** A shorter text is no archive. */
    private static final int SHORTEST_ARCHIVE = 100;

    private final Bounds bounds;
    private final JsonShape shape;
    private final byte @Nullable [] dictionary;
    private final Set<PagePart> pageParts;

    /** Opens a local file. */
    private interface FileOpener {
        RecordReader open(Path file, LongConsumer stored) throws IOException;
    }

    /** Opens sources within bounds; {@code fields} are pointers to the fields of a record, in order of preference. */
    public SourceOpener(Bounds bounds, Map<Field, List<JsonPointer>> fields) {
        this(bounds, new JsonShape(fields, bounds, false), null, Set.of());
    }

    private SourceOpener(Bounds bounds, JsonShape shape, byte @Nullable [] dictionary, Set<PagePart> pageParts) {
        this.bounds = bounds;
        this.shape = shape;
        this.dictionary = dictionary;
        this.pageParts = pageParts;
    }

    /** Returns an opener with default bounds and usual fields; {@code tokenIds} tells whether records may have ids. */
    public static SourceOpener usual(boolean tokenIds) {
        return new SourceOpener(
                Bounds.DEFAULT, new JsonShape(Field.usualPointers(), Bounds.DEFAULT, tokenIds), null, Set.of());
    }

    /** Returns the same with a dictionary for zstd, or with none. */
    SourceOpener withDictionary(byte @Nullable [] zstd) {
        return new SourceOpener(bounds, shape, zstd, pageParts);
    }

    /** Returns the same, which also keeps some parts of pages besides their text. */
    public SourceOpener keeping(Set<PagePart> more) {
        Set<PagePart> all = EnumSet.noneOf(PagePart.class);
        all.addAll(pageParts);
        all.addAll(more);
        return new SourceOpener(bounds, shape, dictionary, all);
    }

    /**
     * Reads the records of a source from a position on.
     *
     * @param position records to skip
     * @param stored receives how many more stored bytes were read
     * @param records receives the records; its failures are thrown, not returned
     * @return why the remainder cannot be read, or null at the end
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

    /** Returns the refusal of a source for a failure of reading it. */
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
        return new SourceFailure(broken ? Rejection.BROKEN_OFF : Rejection.UNREADABLE, SourceFailure.words(e), e);
    }

    /**
     * Returns a reader at the first record; {@code stored} receives how many more stored bytes were read. Fails if the
     * content is not what the name shows, or of a format that is not read.
     */
    public RecordReader open(Source source, LongConsumer stored) throws IOException {
        SourceFormat format = SourceFormat.named(source.fileName());
        if (format == SourceFormat.SOURCES_JAR) {
            return whole(source, stored, (file, bytes) -> SourcesJar.open(file, bounds, bytes));
        }
        if (format == SourceFormat.PARQUET) {
            return whole(source, stored, (file, bytes) -> ParquetReader.open(file, shape, bounds, bytes));
        }
        BufferedInputStream content = content(source, source.bytes(), stored);
        try {
            return switch (format) {
                case JSON_LINES -> json(content, isTyped(source));
                case LINES -> lines(content);
                case TEXT -> text(source, content);
                case WARC -> crawl(source, content, new WarcFormat());
                case ARC -> crawl(source, content, new ArcFormat());
                case PARQUET, SOURCES_JAR -> throw new IllegalStateException("opened above");
            };
        } catch (IOException | RuntimeException e) {
            content.close();
            throw e;
        }
    }

    /** Opens a source of a format that needs random access; a remote one is downloaded first. */
    private static RecordReader whole(Source source, LongConsumer stored, FileOpener format) throws IOException {
        if (isCompressed(source)) {
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
            // An open file can be read after it was deleted, so no copy is left however the program ends.
            Files.delete(copy);
        }
    }

    /** Returns the layout of the records in the first stored bytes of a JSON file. */
    JsonLayout layout(Source source, long bytes) throws IOException {
        try (BufferedInputStream content = content(source, bytes, more -> {})) {
            return JsonLayout.of(peek(content, HEAD, true));
        }
    }

    /** Returns the lines in the first stored bytes of a file of JSON lines. */
    JsonLinesReader lines(Source source, long bytes) throws IOException {
        return new JsonLinesReader(content(source, bytes, more -> {}), shape, bounds.recordBytes());
    }

    /** Opens the content of the first stored bytes, decompressed. */
    private BufferedInputStream content(Source source, long bytes, LongConsumer listener) throws IOException {
        StoredBytes stored = new StoredBytes(source.open(), bytes, listener);
        try {
            return isTyped(source) ? typed(source, stored) : decompressed(source, stored);
        } catch (IOException | RuntimeException e) {
            stored.close();
            throw e;
        }
    }

    private BufferedInputStream decompressed(Source source, StoredBytes stored) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(stored, HEAD);
        byte[] head = peek(buffered, MAGIC, false);
        Compression named = Compression.named(source.fileName());
        Compression seen = Compression.seen(head);
        if (head.length > 0 && seen != named) {
            throw new SourceFailure(
                    Rejection.NOT_AS_NAMED,
                    seen == Compression.NONE
                            ? "the name says " + named + ", the content is not"
                            : "the content is " + seen + ", the name says "
                                    + (named == Compression.NONE ? "no compression" : named));
        }
        InputStream content = head.length == 0 ? buffered : named.decompress(buffered, dictionary);
        return new BufferedInputStream(new Expansion(bounds, stored::count).counting(content), HEAD);
    }

    /** Typed lines are processed one by one, so nothing is read ahead of them. */
    private static boolean isTyped(Source source) {
        return source.name().equals(StandardInput.NAME) && source.fileName().matches("-\\.(jsonl|ndjson|lines)");
    }

    /** Checks what the first read gives, and returns the stream at its beginning. */
    private static BufferedInputStream typed(Source source, StoredBytes stored) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(stored, HEAD);
        Compression seen = Compression.seen(firstRead(buffered));
        if (seen != Compression.NONE) {
            String format = source.fileName().substring(StandardInput.NAME.length() + 1);
            throw new SourceFailure(
                    Rejection.NOT_AS_NAMED,
                    "the content is " + seen + ": read it with --format " + format
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

    private RecordReader lines(BufferedInputStream content) throws IOException {
        content.mark(HEAD);
        int first = content.read();
        for (int i = 1; i < HEAD && (Character.isWhitespace(first) || BYTE_ORDER_MARK.indexOf(first) >= 0); i++) {
            first = content.read();
        }
        content.reset();
        return first == '{'
                ? new JsonLinesReader(content, shape, bounds.recordBytes())
                : new TextLines(content, bounds.recordBytes());
    }

    private RecordReader json(BufferedInputStream content, boolean typed) throws IOException {
        JsonLayout layout = typed ? layoutOfTyped(firstRead(content)) : JsonLayout.of(peek(content, HEAD, true));
        return layout == JsonLayout.LINES
                ? new JsonLinesReader(content, shape, bounds.recordBytes())
                : new JsonValuesReader(content, layout == JsonLayout.ARRAY, shape, bounds.recordBytes());
    }

    /** Only a whole head proves that there are no JSON lines: the first may be few and invalid. */
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

    /** A text's name proves little: some tools write WET files as txt. */
    private RecordReader text(Source source, BufferedInputStream content) throws IOException {
        CrawlFormat warc = new WarcFormat();
        byte[] head = peek(content, HEAD, false);
        return head.length >= SHORTEST_ARCHIVE && begins(warc, head)
                ? new CrawlReader(content, warc, bounds, isCompressed(source), pageParts)
                : new PlainText(content, source.fileName(), bounds.recordBytes());
    }

    private RecordReader crawl(Source source, BufferedInputStream content, CrawlFormat format) throws IOException {
        byte[] head = peek(content, HEAD, false);
        if (head.length > 0 && !begins(format, head)) {
            throw new SourceFailure(
                    Rejection.NOT_AS_NAMED,
                    "the name says " + format.name() + ", but no such record begins the content");
        }
        // Compressed content that ends without an error is whole: its trailers were checked.
        return new CrawlReader(content, format, bounds, isCompressed(source), pageParts);
    }

    private static boolean isCompressed(Source source) {
        return Compression.named(source.fileName()) != Compression.NONE;
    }

    private static boolean begins(CrawlFormat format, byte[] head) {
        SlidingBytes bytes = new SlidingBytes(new ByteArrayInputStream(head), head.length);
        return format.begins(bytes, bytes.afterPadding(0, HEAD));
    }

    /** Returns the first bytes without consuming them; after a failure of the stream, those before it or none. */
    private static byte[] peek(BufferedInputStream in, int length, boolean partial) throws IOException {
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
            // Too little to judge: the reader returns the records before the failure, then fails again.
            return Arrays.copyOf(head, partial ? count : 0);
        } finally {
            in.reset();
        }
    }
}
