package org.bandpass.sources.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.function.LongConsumer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.column.ColumnDescriptor;
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
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.jspecify.annotations.Nullable;

/** Reads one column of a row group page by page, of which one is held beside the dictionary. */
final class ParquetPages implements PageReader {

    private static final int BUFFER = 4 << 10;
    /** Pages of a column differ a little in length; a sixteenth more lets the next one take the place of this. */
    private static final int SPARE = 16;

    private final FileChannel file;
    private final ColumnDescriptor column;
    private final CompressionCodec codec;
    private final Statistics<?> unknown;
    private final long values;
    private final long end;
    private final LongConsumer holding;
    private long at;
    private long left;
    private long dictionaryBytes;
    private @Nullable PageHeader pending;
    /** The last page. It has been read to its end where the next is asked for, and that takes its place. */
    private byte[] space = {};

    /** What the decoders of the last page take; they are let go of only when those of the next are there. */
    private long decoding;

    /**
     * Begins before the first page.
     *
     * @param holding receives how many bytes are held from now on; throws where they are too many
     */
    ParquetPages(FileChannel file, ColumnMetaData chunk, ColumnDescriptor column, LongConsumer holding) {
        this.file = file;
        this.column = column;
        this.codec = chunk.getCodec();
        this.values = chunk.getNum_values();
        this.left = values;
        this.unknown = Statistics.createStats(column.getPrimitiveType());
        this.holding = holding;
        long dictionary = chunk.isSetDictionary_page_offset() ? chunk.getDictionary_page_offset() : 0;
        this.at = dictionary > 0 ? Math.min(dictionary, chunk.getData_page_offset()) : chunk.getData_page_offset();
        this.end = at + chunk.getTotal_compressed_size();
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
            ParquetBody body = new ParquetBody(codec, header);
            int entries = header.getDictionary_page_header().getNum_values();
            dictionaryBytes = body.length() + PageLimits.dictionary(entries, body.length());
            hold(body.beside());
            byte[] content = new byte[body.length()];
            body.read(file, at, content);
            at += header.getCompressed_page_size();
            return new DictionaryPage(
                    BytesInput.from(content),
                    entries,
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
                switch (header.getType()) {
                    case DATA_PAGE -> {
                        return first(header.getData_page_header(), content(header));
                    }
                    case DATA_PAGE_V2 -> {
                        return second(header.getData_page_header_v2(), content(header));
                    }
                    case DICTIONARY_PAGE, INDEX_PAGE -> at += header.getCompressed_page_size();
                }
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DataPage first(DataPageHeader page, ByteBuffer content) throws IOException {
        PageLimits claims = claims(page.getNum_values());
        Encoding repetitions =
                Encoding.valueOf(page.getRepetition_level_encoding().name());
        Encoding definitions =
                Encoding.valueOf(page.getDefinition_level_encoding().name());
        ByteBuffer look = content.duplicate();
        claims.levels(look, repetitions, column.getMaxRepetitionLevel());
        claims.levels(look, definitions, column.getMaxDefinitionLevel());
        Encoding encoding = Encoding.valueOf(page.getEncoding().name());
        claims.values(look, encoding);
        decoding = claims.needed();
        return new DataPageV1(
                BytesInput.from(content),
                page.getNum_values(),
                content.remaining(),
                unknown,
                repetitions,
                definitions,
                encoding);
    }

    private DataPage second(DataPageHeaderV2 page, ByteBuffer content) throws IOException {
        int repeated = page.getRepetition_levels_byte_length();
        int levels = repeated + page.getDefinition_levels_byte_length();
        ByteBuffer repetitions = content.slice(0, repeated);
        ByteBuffer definitions = content.slice(repeated, levels - repeated);
        ByteBuffer data = content.slice(levels, content.limit() - levels);
        PageLimits claims = claims(page.getNum_values());
        claims.runs(repetitions.duplicate(), BytesUtils.getWidthFromMaxInt(column.getMaxRepetitionLevel()));
        claims.runs(definitions.duplicate(), BytesUtils.getWidthFromMaxInt(column.getMaxDefinitionLevel()));
        Encoding encoding = Encoding.valueOf(page.getEncoding().name());
        claims.values(data.duplicate(), encoding);
        decoding = claims.needed();
        return DataPageV2.uncompressed(
                page.getNum_rows(),
                page.getNum_nulls(),
                page.getNum_values(),
                BytesInput.from(repetitions),
                BytesInput.from(definitions),
                encoding,
                BytesInput.from(data),
                unknown);
    }

    private PageLimits claims(int claimed) throws SourceFailure {
        if (claimed < 0 || claimed > left) {
            throw new SourceFailure(Rejection.BROKEN_OFF, "a page claims more values than its column has");
        }
        left -= claimed;
        return new PageLimits(claimed, this::hold);
    }

    private @Nullable PageHeader header() throws IOException {
        PageHeader next = pending;
        pending = null;
        if (next != null || at >= end) {
            return next;
        }
        ParquetRegion region = new ParquetRegion(file, at, end, BUFFER);
        PageHeader header = ParquetFooter.readPageHeader(region);
        at += region.taken();
        int stored = header.getCompressed_page_size();
        if (stored < 0 || stored > end - at || header.getUncompressed_page_size() < 0) {
            throw new SourceFailure(Rejection.BROKEN_OFF, "a page is longer than its column");
        }
        return header;
    }

    /** Returns what a page is decompressed to, in place of the page before. */
    private ByteBuffer content(PageHeader header) throws IOException {
        ParquetBody body = new ParquetBody(codec, header);
        int length = body.length();
        if (length <= space.length) {
            hold(body.beside());
        } else {
            long roomy = Math.min((long) length + length / SPARE, Integer.MAX_VALUE - SPARE);
            hold(roomy + body.beside());
            space = new byte[(int) Math.max(roomy, length)];
        }
        body.read(file, at, space);
        at += header.getCompressed_page_size();
        return ByteBuffer.wrap(space, 0, length);
    }

    private void hold(long more) {
        holding.accept(dictionaryBytes + space.length + decoding + more);
    }
}
