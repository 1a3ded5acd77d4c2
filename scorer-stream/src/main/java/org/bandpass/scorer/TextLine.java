package org.bandpass.scorer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.bandpass.sources.record.SourceRecord.TokenIds;
import org.jspecify.annotations.Nullable;

/**
 * One record of the input: a text or token ids.
 *
 * @param id what the record calls itself, or where it stands
 * @param text null where it has none
 * @param ids null where it has none
 */
record TextLine(String id, @Nullable String text, int @Nullable [] ids) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads a record with token ids.
     *
     * @throws RefusedLineException if they are none, or there is a text too
     */
    static TextLine ofIds(String id, TokenIds record) {
        if (record.withText()) {
            throw new RefusedLineException(id, "text-and-ids", "the record has both a text and \"ids\"");
        }
        try {
            return new TextLine(id, null, ids(id, JSON.readTree(record.ids())));
        } catch (JsonProcessingException e) {
            // It was read before, with longer strings than this parser takes; whole numbers both take.
            throw noIds(id);
        }
    }

    private static int[] ids(String id, JsonNode array) {
        int[] ids = new int[array.size()];
        boolean whole = array.isArray();
        for (int i = 0; i < ids.length; i++) {
            whole = whole && array.get(i).isInt();
            ids[i] = array.path(i).asInt();
        }
        if (!whole) {
            throw noIds(id);
        }
        return ids;
    }

    private static RefusedLineException noIds(String id) {
        return new RefusedLineException(id, "no-ids", "\"ids\" is no array of whole numbers");
    }
}
