package org.bandpass.scorer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.bandpass.sources.record.SourceRecord.TokenIds;
import org.jspecify.annotations.Nullable;

/**
 * One record of the input, which has either a text or token ids.
 *
 * @param id the record's own id, or its position
 */
record TextLine(String id, @Nullable String text, int @Nullable [] ids) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads a record with token ids.
     *
     * @throws RefusedLineException if they are no array of whole numbers, or there is also a text
     */
    static TextLine ofIds(String id, TokenIds record) {
        if (record.withText()) {
            throw new RefusedLineException("text-and-ids", "the record has both a text and \"ids\"");
        }
        try {
            return new TextLine(id, null, ids(JSON.readTree(record.ids())));
        } catch (JsonProcessingException e) {
            // A string longer than this parser accepts, so no array.
            throw noIds();
        }
    }

    private static int[] ids(JsonNode array) {
        if (!array.isArray() || !array.valueStream().allMatch(JsonNode::isInt)) {
            throw noIds();
        }
        return array.valueStream().mapToInt(JsonNode::intValue).toArray();
    }

    private static RefusedLineException noIds() {
        return new RefusedLineException("no-ids", "\"ids\" is no array of whole numbers");
    }
}
