package org.bandpass.sources.parquet;

import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.schema.MessageType;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;

/** Hands out the columns of a row group, and sees that their pages together do not take too much memory. */
final class ParquetRowGroup implements PageReadStore {

    /** Runs of nothing take no space, so that small files may have many rows. */
    private static final long FREE = 16L << 20;
    /**
     * Pages and dictionaries, decompressed, may take that many times the largest record. DuckDB writes pages of 100 MB.
     */
    private static final int PAGES = 6;

    private final FileChannel file;
    private final long rows;
    private final Map<List<String>, ColumnMetaData> columns = new HashMap<>();
    private final Map<List<String>, Long> held = new HashMap<>();
    private final long most;
    private long holding;

    ParquetRowGroup(FileChannel file, MessageType schema, RowGroup described, Bounds bounds) throws SourceFailure {
        this.file = file;
        this.rows = described.getNum_rows();
        this.most = (long) PAGES * bounds.recordBytes();
        for (ColumnChunk chunk : described.getColumns()) {
            ColumnMetaData column = chunk.getMeta_data();
            if (column == null || chunk.isSetCrypto_metadata() || chunk.isSetFile_path()) {
                throw new SourceFailure(Rejection.UNSUPPORTED, "Parquet with encrypted or outside columns is not read");
            }
            checkRun(column.getNum_values(), column.getTotal_compressed_size(), bounds);
            columns.put(column.getPath_in_schema(), column);
        }
        for (ColumnDescriptor column : schema.getColumns()) {
            if (!columns.containsKey(List.of(column.getPath()))) {
                throw new SourceFailure(Rejection.BROKEN_OFF, "a column is missing in a row group");
            }
        }
    }

    /** Refuses files that claim more rows, or more values in all their columns, than their size can hold. */
    static void check(FileMetaData footer, long fileBytes, Bounds bounds) throws SourceFailure {
        long rows = 0;
        long values = 0;
        for (RowGroup group : footer.getRow_groups()) {
            if (group.getNum_rows() < 0 || bytes(group) > fileBytes) {
                throw new SourceFailure(Rejection.BROKEN_OFF, "a row group is longer than the file");
            }
            rows += group.getNum_rows();
            checkRun(rows, fileBytes, bounds);
            for (ColumnChunk column : group.getColumns()) {
                long more = column.isSetMeta_data() ? column.getMeta_data().getNum_values() : 0;
                checkRun(more, fileBytes, bounds);
                values += more;
                checkRun(values, fileBytes, bounds);
            }
        }
    }

    /** Returns how many bytes are stored of a row group. */
    static long bytes(RowGroup group) {
        long bytes = 0;
        for (ColumnChunk column : group.getColumns()) {
            bytes += column.isSetMeta_data() ? Math.max(0, column.getMeta_data().getTotal_compressed_size()) : 0;
        }
        return bytes;
    }

    @Override
    public PageReader getPageReader(ColumnDescriptor descriptor) {
        List<String> path = List.of(descriptor.getPath());
        ColumnMetaData column = columns.get(path);
        if (column == null) {
            throw new IllegalStateException("checked above");
        }
        return new ParquetPages(file, column, descriptor, bytes -> hold(path, bytes));
    }

    @Override
    public long getRowCount() {
        return rows;
    }

    private void hold(List<String> path, long bytes) {
        Long before = held.put(path, bytes);
        holding += bytes - (before == null ? 0 : before);
        if (holding > most) {
            throw new UncheckedIOException(new SourceFailure(
                    Rejection.EXPANDS_TOO_MUCH,
                    "pages of more than " + most + " bytes; write smaller ones, or raise " + Bounds.RECORD_BYTES
                            + ", and the memory with it, if that is right"));
        }
    }

    private static void checkRun(long count, long bytes, Bounds bounds) throws SourceFailure {
        if (count < 0 || count > FREE && count / bounds.fileRatio() > Math.max(0, bytes)) {
            throw new SourceFailure(
                    Rejection.EXPANDS_TOO_MUCH,
                    "more than " + bounds.fileRatio() + " values a byte; raise " + Bounds.FILE_RATIO
                            + " if that is right");
        }
    }
}
