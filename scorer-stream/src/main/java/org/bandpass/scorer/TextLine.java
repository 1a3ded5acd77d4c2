package org.bandpass.scorer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/**
 * One line of input: a text, token ids, or both.
 *
 * @param id what the line calls itself, or where it stands
 * @param text null where it has none
 * @param ids null where it has none
 */
record TextLine(String id, @Nullable String text, int @Nullable [] ids) {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /**
     * Reads a line of JSON.
     *
     * @param where the id unless the line has one
     * @throws RefusedLineException if it has neither text nor ids
     */
    static TextLine ofJson(String where, String line) {
        JsonNode json;
        try {
            json = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new RefusedLineException(
                    where,
                    "not-json",
                    "the line is not JSON: column " + e.getLocation().getColumnNr());
        }
        String id = json.path("id").isValueNode() ? json.path("id").asText() : where;
        String text = json.path("text").isTextual() ? json.path("text").textValue() : null;
        int[] ids = json.has("ids") ? ids(id, json.get("ids")) : null;
        if (text == null && ids == null) {
            throw new RefusedLineException(
                    id, "no-text", "the line has neither \"text\", a string, nor \"ids\", an array");
        }
        return new TextLine(id, text, ids);
    }

    private static int[] ids(String id, JsonNode array) {
        int[] ids = new int[array.size()];
        boolean whole = array.isArray();
        for (int i = 0; i < ids.length; i++) {
            whole = whole && array.get(i).isInt();
            ids[i] = array.path(i).asInt();
        }
        if (!whole) {
            throw new RefusedLineException(id, "no-ids", "\"ids\" is no array of whole numbers");
        }
        return ids;
    }
}
