package org.bandpass.sources.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.schema.MessageType;
import org.bandpass.sources.line.JsonShape;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.RecordReader;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.record.SourceRecord.Unusable;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of a Parquet file: fields are found in them as in lines of JSON, other columns become metadata. Each row
 * is a position. Of each column a page is held, whatever the size of the row groups.
 */
public final class ParquetReader implements RecordReader {

    private final FileChannel file;
    private final FileMetaData footer;
    private final MessageType schema;
    private final MessageColumnIO columns;
    private final ParquetRow row;
    private final JsonShape shape;
    private final Bounds bounds;
    private final LongConsumer stored;
    private org.apache.parquet.io.@Nullable RecordReader<JsonNode> rows;
    private int group = -1;
    private long left;

    private ParquetReader(FileChannel file, JsonShape shape, Bounds bounds, LongConsumer stored) throws IOException {
        this.file = file;
        this.shape = shape;
        this.bounds = bounds;
        this.stored = stored;
        this.footer = damage(() -> ParquetFooter.read(file));
        this.schema = damage(() -> ParquetSchema.read(footer.getSchema(), bounds.jsonDepth()));
        this.columns = damage(() -> new ColumnIOFactory(footer.getCreated_by()).getColumnIO(schema));
        long size = file.size();
        this.row = damage(() -> new ParquetRow(schema, bounds, size));
        ParquetRowGroup.check(footer, size, bounds);
    }

    /**
     * Opens a file at its first row.
     *
     * @param stored receives how many more stored bytes were read
     * @throws SourceFailure if it is no Parquet file, or one that is not read
     */
    public static ParquetReader open(Path path, JsonShape shape, Bounds bounds, LongConsumer stored)
            throws IOException {
        FileChannel file = FileChannel.open(path);
        try {
            return new ParquetReader(file, shape, bounds, stored);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public @Nullable SourceRecord next() throws IOException {
        while (left == 0) {
            if (group + 1 >= footer.getRow_groupsSize()) {
                return null;
            }
            begin(group + 1);
        }
        left--;
        row.begin();
        JsonNode object = read();
        if (row.overlong()) {
            return Unusable.of(
                    Rejection.OVER_RECORD_LIMIT,
                    "a row of more than " + bounds.recordBytes() + " bytes; see " + Bounds.RECORD_BYTES);
        }
        return row.damaged() == null
                ? shape.read(object)
                : Unusable.of(Rejection.BAD_ENCODING, "not UTF-8 in column " + row.damaged());
    }

    @Override
    public void skip(long count) throws IOException {
        long remaining = count;
        while (remaining > 0 && (left > 0 || group + 1 < footer.getRow_groupsSize())) {
            if (left == 0 && footer.getRow_groups().get(group + 1).getNum_rows() <= remaining) {
                group++;
                remaining -= footer.getRow_groups().get(group).getNum_rows();
                stored.accept(ParquetRowGroup.bytes(footer.getRow_groups().get(group)));
            } else if (left == 0) {
                begin(group + 1);
            } else {
                left--;
                remaining--;
                row.begin();
                read();
            }
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void begin(int next) throws IOException {
        group = next;
        RowGroup described = footer.getRow_groups().get(next);
        left = described.getNum_rows();
        stored.accept(ParquetRowGroup.bytes(described));
        // The pages of the group before would be held beside the first of this one.
        rows = null;
        if (left > 0) {
            ParquetRowGroup pages = new ParquetRowGroup(file, schema, described, bounds);
            rows = damage(() -> columns.getRecordReader(pages, row));
        }
    }

    private JsonNode read() throws IOException {
        org.apache.parquet.io.RecordReader<JsonNode> reader = rows;
        if (reader == null) {
            throw new IllegalStateException("no row group was begun");
        }
        return damage(reader::read);
    }

    private interface Decoding<T> {
        T run() throws IOException;
    }

    /** The decoders of columns trust what they are given: on damaged pages they fail in many ways. */
    private static <T> T damage(Decoding<T> decoding) throws IOException {
        try {
            return decoding.run();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (RuntimeException | StackOverflowError e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof UncheckedIOException known) {
                    throw known.getCause();
                }
            }
            throw new SourceFailure(Rejection.BROKEN_OFF, "a page or a description is damaged", e);
        }
    }
}
