package org.bandpass.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** Assembles rows as JSON, so that fields are found in them as in lines of JSON; of a row, a bounded number of bytes. */
final class ParquetRow extends RecordMaterializer<JsonNode> {

    private final int longest;
    private final ParquetGroup root;
    private JsonNode row;
    private long bytes;
    private @Nullable String damaged;

    /**
     * Prepares for rows of a schema.
     *
     * @param longest bytes of a row that are held at most
     */
    ParquetRow(MessageType schema, int longest) {
        this.longest = longest;
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
        return bytes <= longest;
    }

    boolean overlong() {
        return bytes > longest;
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
