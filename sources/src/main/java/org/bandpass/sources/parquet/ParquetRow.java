package org.bandpass.sources.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.UncheckedIOException;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;
import org.bandpass.sources.line.JsonShape;
import org.bandpass.sources.line.PlainText;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.record.SourceRecord.Unusable;
import org.bandpass.sources.stream.Expansion;
import org.jspecify.annotations.Nullable;

/** Assembles rows as JSON objects, so that fields are found as in lines of JSON. Bounds the size of a row. */
final class ParquetRow extends RecordMaterializer<ParquetRow> {

    private final JsonShape shape;
    private final int mostBytes;
    /** Counts the texts of all rows. */
    private final Expansion expansion;

    private final ParquetGroup root;
    private JsonNode object = MissingNode.getInstance();
    private long bytes;
    private @Nullable String damagedColumn;

    ParquetRow(MessageType schema, JsonShape shape, Bounds bounds, long fileBytes) {
        this.shape = shape;
        this.mostBytes = bounds.recordBytes();
        this.expansion = new Expansion(bounds, () -> fileBytes);
        this.root = new ParquetGroup(schema, this, row -> object = row);
    }

    /** Forgets the previous row. */
    void begin() {
        bytes = 0;
        damagedColumn = null;
    }

    /** Counts a value; returns whether it may be kept. */
    boolean add(int more) {
        bytes += more;
        return bytes <= mostBytes;
    }

    /** Counts a text; fails if the whole file expands to too much: a few bytes can repeat a text in many rows. */
    void expand(int length) {
        try {
            expansion.add(length);
        } catch (SourceFailure e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Marks the row as one with a text that is not UTF-8. */
    void setDamaged(String column) {
        damagedColumn = column;
    }

    SourceRecord record() {
        if (bytes > mostBytes) {
            return PlainText.overlong("a row", mostBytes);
        }
        return damagedColumn == null
                ? shape.read(object)
                : Unusable.of(Rejection.BAD_ENCODING, "not UTF-8 in column " + damagedColumn);
    }

    @Override
    public ParquetRow getCurrentRecord() {
        return this;
    }

    @Override
    public GroupConverter getRootConverter() {
        return root;
    }
}
