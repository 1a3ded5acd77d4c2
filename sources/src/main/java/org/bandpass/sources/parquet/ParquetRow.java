package org.bandpass.sources.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.stream.Expansion;
import org.jspecify.annotations.Nullable;

/** Assembles rows as JSON, so that fields are found in them as in lines of JSON; of a row, a bounded number of bytes. */
final class ParquetRow extends RecordMaterializer<JsonNode> {

    private final Bounds bounds;
    /** Of the texts in all rows so far. */
    private final Expansion expansion;

    private final ParquetGroup root;
    private JsonNode row;
    private long bytes;
    private @Nullable String damaged;

    /**
     * Prepares for rows of a schema.
     *
     * @param fileBytes how long the file is that they stand in
     */
    ParquetRow(MessageType schema, Bounds bounds, long fileBytes) {
        this.bounds = bounds;
        this.expansion = new Expansion(bounds, () -> fileBytes);
        this.root = new ParquetGroup(schema, this, node -> row = node);
        this.row = new ObjectNode(com.fasterxml.jackson.databind.node.JsonNodeFactory.instance);
    }

    /** Forgets the row before. */
    void begin() {
        bytes = 0;
        damaged = null;
    }

    /** Counts a value; returns whether it may be held. */
    boolean holds(int more) {
        bytes += more;
        return bytes <= bounds.recordBytes();
    }

    /**
     * Counts a text. A file says in a few bytes that one is repeated, so rows take as long as they are long, not as they
     * are stored.
     *
     * @throws UncheckedIOException if there are too many for the file
     */
    void expand(int length) {
        try {
            expansion.add(length);
        } catch (SourceFailure e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean overlong() {
        return bytes > bounds.recordBytes();
    }

    /** Takes that the text of a column is not UTF-8. */
    void damaged(String column) {
        damaged = column;
    }

    /** Returns the column whose text is not UTF-8, or null. */
    @Nullable
    String damaged() {
        return damaged;
    }

    @Override
    public JsonNode getCurrentRecord() {
        return row;
    }

    @Override
    public GroupConverter getRootConverter() {
        return root;
    }
}
