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
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;

/** The columns of a row group. Bounds the memory that their pages take together. */
final class ParquetRowGroup implements PageReadStore {

    /** Pages and dictionaries may take this many times the largest record. DuckDB writes pages of 100 MB. */
    private static final int PAGES = 6;

    private final FileChannel file;
    private final long rows;
    private final Map<List<String>, ColumnMetaData> columns = new HashMap<>();
    private final long mostBytes;
    private long heldBytes;

    ParquetRowGroup(FileChannel file, RowGroup group, Bounds bounds) throws SourceFailure {
        this.file = file;
        this.rows = group.getNum_rows();
        this.mostBytes = (long) PAGES * bounds.recordBytes();
        for (ColumnChunk chunk : group.getColumns()) {
            ColumnMetaData column = chunk.getMeta_data();
            if (column == null || chunk.isSetCrypto_metadata() || chunk.isSetFile_path()) {
                throw new SourceFailure(Rejection.UNSUPPORTED, "Parquet with encrypted or outside columns is not read");
            }
            checkCount(column.getNum_values(), column.getTotal_compressed_size(), bounds);
            columns.put(column.getPath_in_schema(), column);
        }
    }

    /** Refuses files that claim more rows, or more values in all columns, than their size can hold. */
    static void check(FileMetaData footer, long fileBytes, Bounds bounds) throws SourceFailure {
        long rows = 0;
        long values = 0;
        for (RowGroup group : footer.getRow_groups()) {
            PageLimits.require(
                    group.getNum_rows() >= 0 && storedBytes(group) <= fileBytes, "a row group is longer than the file");
            rows += group.getNum_rows();
            checkCount(rows, fileBytes, bounds);
            for (ColumnChunk column : group.getColumns()) {
                long more = column.isSetMeta_data() ? column.getMeta_data().getNum_values() : 0;
                checkCount(more, fileBytes, bounds);
                values += more;
                checkCount(values, fileBytes, bounds);
            }
        }
    }

    static long storedBytes(RowGroup group) {
        long bytes = 0;
        for (ColumnChunk column : group.getColumns()) {
            bytes += column.isSetMeta_data() ? Math.max(0, column.getMeta_data().getTotal_compressed_size()) : 0;
        }
        return bytes;
    }

    @Override
    public PageReader getPageReader(ColumnDescriptor descriptor) {
        ColumnMetaData column = columns.get(List.of(descriptor.getPath()));
        if (column == null) {
            throw new UncheckedIOException(
                    new SourceFailure(Rejection.BROKEN_OFF, "a column is missing in a row group"));
        }
        return new ParquetPages(file, column, descriptor, this::hold);
    }

    @Override
    public long getRowCount() {
        return rows;
    }

    private void hold(long more) {
        heldBytes += more;
        if (heldBytes > mostBytes) {
            throw new UncheckedIOException(new SourceFailure(
                    Rejection.EXPANDS_TOO_MUCH,
                    "pages of more than " + mostBytes + " bytes; write smaller ones, or raise " + Bounds.RECORD_BYTES
                            + ", and the memory with it, if that is right"));
        }
    }

    private static void checkCount(long count, long bytes, Bounds bounds) throws SourceFailure {
        if (count < 0 || bounds.exceedsRatio(count, Math.max(0, bytes))) {
            throw new SourceFailure(
                    Rejection.EXPANDS_TOO_MUCH,
                    "more than " + bounds.fileRatio() + " values a byte; raise " + Bounds.FILE_RATIO
                            + " if that is right");
        }
    }
}
