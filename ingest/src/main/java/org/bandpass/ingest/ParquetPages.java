package org.bandpass.ingest;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.function.IntConsumer;
import java.util.zip.CRC32;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.schema.PrimitiveType;
import org.brotli.dec.BrotliInputStream;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/** Reads one column of a row group page by page, of which one is held beside the dictionary. */
final class ParquetPages implements PageReader {

    private static final int BUFFER = 4 << 10;

    private final FileChannel file;
    private final CompressionCodec codec;
    private final Statistics<?> unknown;
    private final long values;
    private final long end;
    private final IntConsumer holding;
    private long at;
    private int dictionaryBytes;
    private @Nullable PageHeader pending;

    /**
     * Begins before the first page.
     *
     * @param holding is told how many bytes are held from now on; throws where they are too many
     */
    ParquetPages(FileChannel file, ColumnMetaData column, PrimitiveType type, IntConsumer holding) {
        this.file = file;
        this.codec = column.getCodec();
        this.values = column.getNum_values();
        this.unknown = Statistics.createStats(type);
        this.holding = holding;
        long dictionary = column.isSetDictionary_page_offset() ? column.getDictionary_page_offset() : 0;
        this.at = dictionary > 0 ? Math.min(dictionary, column.getData_page_offset()) : column.getData_page_offset();
        this.end = at + column.getTotal_compressed_size();
    }

    @Override
    public long getTotalValueCount() {
        return values;
    }

    @Override
    public @Nullable DictionaryPage readDictionaryPage() {
        try {
            PageHeader header = header();
            if (header == null || header.getType() != PageType.DICTIONARY_PAGE) {
                pending = header;
                return null;
            }
            ByteBuffer content = decompressed(header, body(header), 0);
            dictionaryBytes = content.limit();
            return new DictionaryPage(
                    BytesInput.from(content),
                    header.getDictionary_page_header().getNum_values(),
                    Encoding.valueOf(
                            header.getDictionary_page_header().getEncoding().name()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public @Nullable DataPage readPage() {
        try {
            for (PageHeader header = header(); header != null; header = header()) {
                ByteBuffer body = body(header);
                switch (header.getType()) {
                    case DATA_PAGE -> {
                        return first(header, header.getData_page_header(), body);
                    }
                    case DATA_PAGE_V2 -> {
                        return second(header, header.getData_page_header_v2(), body);
                    }
                    case DICTIONARY_PAGE, INDEX_PAGE -> {
                        // not here to be read
                    }
                }
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DataPage first(PageHeader header, DataPageHeader page, ByteBuffer body) throws IOException {
        return new DataPageV1(
                BytesInput.from(decompressed(header, body, 0)),
                page.getNum_values(),
                header.getUncompressed_page_size(),
                unknown,
                Encoding.valueOf(page.getRepetition_level_encoding().name()),
                Encoding.valueOf(page.getDefinition_level_encoding().name()),
                Encoding.valueOf(page.getEncoding().name()));
    }

    private DataPage second(PageHeader header, DataPageHeaderV2 page, ByteBuffer body) throws IOException {
        int repetitions = page.getRepetition_levels_byte_length();
        int levels = repetitions + page.getDefinition_levels_byte_length();
        boolean compressed = !page.isSetIs_compressed() || page.isIs_compressed();
        ByteBuffer data = compressed && body.limit() > levels
                ? decompressed(header, body, levels)
                : body.slice(levels, body.limit() - levels);
        return DataPageV2.uncompressed(
                page.getNum_rows(),
                page.getNum_nulls(),
                page.getNum_values(),
                BytesInput.from(body.slice(0, repetitions)),
                BytesInput.from(body.slice(repetitions, levels - repetitions)),
                Encoding.valueOf(page.getEncoding().name()),
                BytesInput.from(data),
                unknown);
    }

    private @Nullable PageHeader header() throws IOException {
        PageHeader next = pending;
        pending = null;
        if (next != null || at >= end) {
            return next;
        }
        Region region = new Region(file, at, end);
        PageHeader header = ParquetFooter.readPageHeader(region);
        at += region.taken();
        int stored = header.getCompressed_page_size();
        if (stored < 0 || stored > end - at || header.getUncompressed_page_size() < 0) {
            throw new SourceFailure(Rejection.BROKEN_OFF, "a page is longer than its column");
        }
        holding.accept(Math.addExact(dictionaryBytes, Math.addExact(stored, header.getUncompressed_page_size())));
        return header;
    }

    private ByteBuffer body(PageHeader header) throws IOException {
        ByteBuffer body = ParquetFooter.bytes(file, at, header.getCompressed_page_size());
        at += body.limit();
        if (header.isSetCrc()) {
            CRC32 sum = new CRC32();
            sum.update(body.duplicate());
            if ((int) sum.getValue() != header.getCrc()) {
                throw new SourceFailure(Rejection.BROKEN_OFF, "the check sum of a page is wrong");
            }
        }
        return body;
    }

    /** Returns what follows a number of bytes of the body, decompressed. */
    private ByteBuffer decompressed(PageHeader header, ByteBuffer body, int from) throws IOException {
        int length = header.getUncompressed_page_size() - from;
        ByteArrayInputStream in =
                new ByteArrayInputStream(body.array(), body.arrayOffset() + from, body.limit() - from);
        byte[] content;
        switch (codec) {
            case UNCOMPRESSED -> {
                return body.slice(from, body.limit() - from);
            }
            case SNAPPY -> content = snappy(body, from, length);
            case GZIP -> content = exactly(new GzipMembers(in), length);
            case ZSTD -> content = exactly(new ZstdInputStream(in), length);
            case BROTLI -> content = exactly(new BrotliInputStream(in), length);
            default ->
                throw new SourceFailure(
                        Rejection.UNSUPPORTED,
                        "Parquet compressed with " + codec + " is not read; write it with snappy, gzip or zstd");
        }
        return ByteBuffer.wrap(content);
    }

    private static byte[] snappy(ByteBuffer body, int from, int length) throws IOException {
        int stored = body.limit() - from;
        int at = body.arrayOffset() + from;
        if (length < 0 || Snappy.uncompressedLength(body.array(), at, stored) != length) {
            throw new SourceFailure(Rejection.BROKEN_OFF, "a page is not as long as its header says");
        }
        byte[] content = new byte[length];
        Snappy.uncompress(body.array(), at, stored, content, 0);
        return content;
    }

    private static byte[] exactly(InputStream decompressing, int length) throws IOException {
        try (InputStream in = decompressing) {
            byte[] content = in.readNBytes(Math.max(0, length));
            if (content.length != length || in.read() >= 0) {
                throw new SourceFailure(Rejection.BROKEN_OFF, "a page is not as long as its header says");
            }
            return content;
        }
    }

    /** A part of the file as a stream that knows how much was taken of it. */
    private static final class Region extends InputStream {

        private final InputStream in;
        private long taken;

        Region(FileChannel file, long from, long to) {
            this.in = new BufferedInputStream(
                    new InputStream() {
                        private long at = from;

                        @Override
                        public int read() {
                            throw new IllegalStateException("read by the buffer alone");
                        }

                        @Override
                        public int read(byte[] bytes, int offset, int length) throws IOException {
                            int wanted = (int) Math.min(length, to - at);
                            int count = wanted <= 0 ? -1 : file.read(ByteBuffer.wrap(bytes, offset, wanted), at);
                            at += Math.max(0, count);
                            return count;
                        }
                    },
                    BUFFER);
        }

        long taken() {
            return taken;
        }

        @Override
        public int read() throws IOException {
            int next = in.read();
            taken += next < 0 ? 0 : 1;
            return next;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = in.read(bytes, offset, length);
            taken += Math.max(0, count);
            return count;
        }
    }
}
