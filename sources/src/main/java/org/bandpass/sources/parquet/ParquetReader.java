package org.bandpass.sources.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Objects;
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
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of a Parquet file. Fields are found as in lines of JSON; other columns become metadata. Each row is a
 * position. One page of each column is held, whatever the size of the row groups.
 */
public final class ParquetReader implements RecordReader {

    private final FileChannel file;
    private final Bounds bounds;
    private final LongConsumer stored;
    private final Iterator<RowGroup> groups;
    private final MessageColumnIO columns;
    private final ParquetRow row;
    private org.apache.parquet.io.@Nullable RecordReader<ParquetRow> rows;
    /** Rows of the current group that were not read yet. */
    private long left;

    private ParquetReader(FileChannel file, JsonShape shape, Bounds bounds, LongConsumer stored) throws IOException {
        this.file = file;
        this.bounds = bounds;
        this.stored = stored;
        FileMetaData footer = ParquetFooter.read(file);
        MessageType schema = ParquetSchema.read(footer.getSchema(), bounds.jsonDepth());
        ParquetRowGroup.check(footer, file.size(), bounds);
        this.groups = footer.getRow_groups().iterator();
        this.columns = new ColumnIOFactory(footer.getCreated_by()).getColumnIO(schema);
        this.row = new ParquetRow(schema, shape, bounds, file.size());
    }

    /**
     * Opens a file at its first row; {@code stored} receives how many more stored bytes were read. Fails if it is not
     * Parquet, or a kind of it that is not read.
     */
    public static ParquetReader open(Path path, JsonShape shape, Bounds bounds, LongConsumer stored)
            throws IOException {
        FileChannel file = FileChannel.open(path);
        try {
            return decode(() -> new ParquetReader(file, shape, bounds, stored));
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public @Nullable SourceRecord next() throws IOException {
        while (left == 0) {
            if (!groups.hasNext()) {
                return null;
            }
            begin(groups.next());
        }
        return read().record();
    }

    @Override
    public void skip(long count) throws IOException {
        long remaining = count;
        while (remaining > 0 && (left > 0 || groups.hasNext())) {
            if (left > 0) {
                read();
                remaining--;
                continue;
            }
            RowGroup group = groups.next();
            if (group.getNum_rows() > remaining) {
                begin(group);
            } else {
                stored.accept(ParquetRowGroup.storedBytes(group));
                remaining -= group.getNum_rows();
            }
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void begin(RowGroup group) throws IOException {
        left = group.getNum_rows();
        stored.accept(ParquetRowGroup.storedBytes(group));
        // Releases the pages of the previous group before the first ones of this group are read.
        rows = null;
        if (left > 0) {
            ParquetRowGroup pages = new ParquetRowGroup(file, group, bounds);
            rows = decode(() -> columns.getRecordReader(pages, row));
        }
    }

    private ParquetRow read() throws IOException {
        left--;
        row.begin();
        return decode(Objects.requireNonNull(rows)::read);
    }

    private interface Decoder<T> {
        T run() throws IOException;
    }

    /** Runs a decoder of the library. Decoders trust their input, so they fail in many ways on damaged pages. */
    private static <T> T decode(Decoder<T> decoder) throws IOException {
        try {
            return decoder.run();
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
