package org.bandpass.sources.parquet;

import static org.bandpass.sources.parquet.PageLimits.require;

import java.io.ByteArrayInputStream;
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
import org.bandpass.sources.record.SourceFailure;
import org.jspecify.annotations.Nullable;

/** Reads one column of a row group page by page. Holds one page and the dictionary. */
final class ParquetPages implements PageReader {

    /** Most headers are shorter, bytes. */
    private static final int USUAL_HEADER = 4 << 10;
    /** Headers may quote the least and the largest value, bytes. */
    private static final int LONGEST_HEADER = 4 << 20;
    /** Pages of a column differ a little in length; a sixteenth more lets the next page reuse the array. */
    private static final int SPARE = 16;

    private final FileChannel file;
    private final ColumnDescriptor column;
    private final CompressionCodec codec;
    private final Statistics<?> unknown;
    private final long values;
    private final long end;
    /** Receives by how many bytes the memory in use changes; throws where it exceeds the bound. */
    private final LongConsumer memory;

    private long at;
    private long left;
    private long dictionaryBytes;
    private long heldBytes;
    private @Nullable PageHeader pending;
    /** The current page. All its values have been read when the next page is asked for, which overwrites it. */
    private byte[] buffer = {};

    /** Bytes of the current page's decoders. They are released only after those of the next page are created. */
    private long decoderBytes;

    ParquetPages(FileChannel file, ColumnMetaData chunk, ColumnDescriptor column, LongConsumer memory) {
        this.file = file;
        this.column = column;
        this.codec = chunk.getCodec();
        this.values = chunk.getNum_values();
        this.left = values;
        this.unknown = Statistics.createStats(column.getPrimitiveType());
        this.memory = memory;
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
            hold(body.scratchBytes());
            byte[] content = new byte[body.length()];
            body.read(file, at, content);
            hold(0);
            at += header.getCompressed_page_size();
            return new DictionaryPage(
                    BytesInput.from(content),
                    entries,
                    encoding(header.getDictionary_page_header().getEncoding()));
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

    private DataPage first(DataPageHeader page, ByteBuffer content) throws SourceFailure {
        PageLimits limits = limits(page.getNum_values());
        Encoding repetitions = encoding(page.getRepetition_level_encoding());
        Encoding definitions = encoding(page.getDefinition_level_encoding());
        Encoding encoding = encoding(page.getEncoding());
        ByteBuffer unchecked = content.duplicate();
        limits.levels(unchecked, repetitions, column.getMaxRepetitionLevel());
        limits.levels(unchecked, definitions, column.getMaxDefinitionLevel());
        limits.values(unchecked, encoding);
        decoderBytes = limits.neededBytes();
        return new DataPageV1(
                BytesInput.from(content),
                page.getNum_values(),
                content.remaining(),
                unknown,
                repetitions,
                definitions,
                encoding);
    }

    private DataPage second(DataPageHeaderV2 page, ByteBuffer content) throws SourceFailure {
        int repeated = page.getRepetition_levels_byte_length();
        int levels = repeated + page.getDefinition_levels_byte_length();
        ByteBuffer repetitions = content.slice(0, repeated);
        ByteBuffer definitions = content.slice(repeated, levels - repeated);
        ByteBuffer data = content.slice(levels, content.limit() - levels);
        Encoding encoding = encoding(page.getEncoding());
        PageLimits limits = limits(page.getNum_values());
        limits.runs(repetitions.duplicate(), BytesUtils.getWidthFromMaxInt(column.getMaxRepetitionLevel()));
        limits.runs(definitions.duplicate(), BytesUtils.getWidthFromMaxInt(column.getMaxDefinitionLevel()));
        limits.values(data.duplicate(), encoding);
        decoderBytes = limits.neededBytes();
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

    private static Encoding encoding(org.apache.parquet.format.Encoding stored) {
        return Encoding.valueOf(stored.name());
    }

    private PageLimits limits(int claimed) throws SourceFailure {
        require(claimed >= 0 && claimed <= left, "a page claims more values than its column has");
        left -= claimed;
        return new PageLimits(claimed, this::hold);
    }

    private @Nullable PageHeader header() throws IOException {
        PageHeader next = pending;
        pending = null;
        if (next != null || at >= end) {
            return next;
        }
        PageHeader header = header(USUAL_HEADER);
        int stored = header.getCompressed_page_size();
        require(
                stored >= 0 && stored <= end - at && header.getUncompressed_page_size() >= 0,
                "a page is longer than its column");
        return header;
    }

    /** Reads a header, of which only its content tells the length, first from a few bytes. */
    private PageHeader header(int most) throws IOException {
        int length = (int) Math.min(most, Math.min(end, file.size()) - at);
        ByteArrayInputStream in = new ByteArrayInputStream(ParquetFooter.bytes(file, at, Math.max(0, length)));
        try {
            PageHeader header = ParquetFooter.read(new PageHeader(), in);
            at += length - in.available();
            return header;
        } catch (SourceFailure e) {
            if (length < most || most == LONGEST_HEADER) {
                throw e;
            }
            return header(LONGEST_HEADER);
        }
    }

    /** Returns the decompressed page, in the array of the page before where it fits. */
    private ByteBuffer content(PageHeader header) throws IOException {
        ParquetBody body = new ParquetBody(codec, header);
        int length = body.length();
        if (length <= buffer.length) {
            hold(body.scratchBytes());
        } else {
            long roomy = Math.min((long) length + length / SPARE, Integer.MAX_VALUE - SPARE);
            hold(roomy + body.scratchBytes());
            buffer = new byte[(int) Math.max(roomy, length)];
        }
        body.read(file, at, buffer);
        hold(0);
        at += header.getCompressed_page_size();
        return ByteBuffer.wrap(buffer, 0, length);
    }

    private void hold(long more) {
        long before = heldBytes;
        heldBytes = dictionaryBytes + buffer.length + decoderBytes + more;
        memory.accept(heldBytes - before);
    }
}
