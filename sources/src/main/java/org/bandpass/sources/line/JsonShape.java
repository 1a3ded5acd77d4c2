package org.bandpass.sources.line;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bandpass.sources.charset.Utf8Forms;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.Field;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.record.SourceRecord.Candidate;
import org.bandpass.sources.record.SourceRecord.TokenIds;
import org.bandpass.sources.record.SourceRecord.Unusable;
import org.jspecify.annotations.Nullable;

/** Finds the fields of a document in a JSON object; those of the Pile, Dolma and C4 unless the settings say others. */
public final class JsonShape {

    private static final String TOKEN_IDS = "ids";

    private final ObjectMapper mapper;
    private final Map<Field, List<JsonPointer>> fields;
    private final List<JsonPointer> ids;
    private final boolean tokenIds;

    /**
     * Looks for fields.
     *
     * @param fields where they are, in order of preference
     * @param tokenIds whether records may have token ids in place of a text
     */
    public JsonShape(Map<Field, List<JsonPointer>> fields, Bounds bounds, boolean tokenIds) {
        this.tokenIds = tokenIds;
        this.fields = new EnumMap<>(fields);
        this.ids = fields.getOrDefault(Field.ID, List.of());
        StreamReadConstraints constraints = StreamReadConstraints.builder()
                .maxNestingDepth(bounds.jsonDepth())
                .maxStringLength(bounds.recordBytes())
                .build();
        // Python writes NaN and Infinity unless it is told not to.
        // JSON lines are UTF-8; a look for UTF-16 in each line would find it in some and not in others.
        mapper = new ObjectMapper(JsonFactory.builder()
                        .streamReadConstraints(constraints)
                        .disable(JsonFactory.Feature.CHARSET_DETECTION)
                        .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                        .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /** Returns what a line holds. */
    public SourceRecord read(byte[] bytes, int from, int length) {
        try {
            JsonNode node = mapper.readTree(bytes, from, length);
            if (Utf8Forms.hasForbidden(bytes, from, length)) {
                return unusable(Rejection.BAD_ENCODING, "not UTF-8", bytes, from, length);
            }
            if (!node.isObject()) {
                return unusable(Rejection.MALFORMED, "not a JSON object", bytes, from, length);
            }
            SourceRecord record = read(node);
            return record instanceof Unusable unusable
                    ? unusable(unusable.reason(), unusable.detail(), bytes, from, length)
                    : record;
        } catch (StreamConstraintsException e) {
            Rejection reason = e.getOriginalMessage().contains("depth") ? Rejection.TOO_DEEP : Rejection.MALFORMED;
            return unusable(reason, e.getOriginalMessage(), bytes, from, length);
        } catch (JsonProcessingException e) {
            // The message of the parser may quote the line; where it stands is enough.
            return isUtf8(bytes, from, length)
                    ? unusable(Rejection.MALFORMED, "no JSON from " + where(e) + " on", bytes, from, length)
                    : unusable(Rejection.BAD_ENCODING, "not UTF-8", bytes, from, length);
        } catch (IOException e) {
            return unusable(Rejection.MALFORMED, "no JSON", bytes, from, length);
        }
    }

    /** Returns what an object holds. */
    public SourceRecord read(JsonNode node) {
        Unusable odd = oddText(node);
        if (odd != null) {
            return odd;
        }
        Map<Field, String> found = new EnumMap<>(Field.class);
        Set<String> used = new HashSet<>();
        fields.forEach((field, pointers) -> {
            JsonPointer pointer = first(node, field, pointers);
            if (pointer != null) {
                found.put(field, node.at(pointer).asText());
                if (pointer.tail().matches()) {
                    used.add(pointer.getMatchingProperty());
                }
            }
        });
        String text = found.get(Field.TEXT);
        if (tokenIds && node.has(TOKEN_IDS)) {
            return new TokenIds(
                    found.get(Field.ID), text != null, node.get(TOKEN_IDS).toString());
        }
        if (text == null) {
            return Unusable.of(Rejection.NO_TEXT, "no text at " + fields.get(Field.TEXT));
        }
        Map<String, String> metadata = new TreeMap<>();
        node.properties().forEach(property -> {
            JsonNode value = property.getValue();
            if (!used.contains(property.getKey()) && !value.isBinary()) {
                metadata.put(property.getKey(), plain(value));
            }
        });
        return new Candidate(
                text,
                found.get(Field.DOMAIN),
                found.get(Field.LANGUAGE),
                found.get(Field.ID),
                found.get(Field.URL),
                found.get(Field.DATE),
                metadata);
    }

    /**
     * Refuses a record whose first text is none, or returns null: no other field may take the place of a text that was
     * damaged.
     */
    private @Nullable Unusable oddText(JsonNode node) {
        for (JsonPointer pointer : fields.getOrDefault(Field.TEXT, List.of())) {
            JsonNode value = node.at(pointer);
            if (value.isBinary()) {
                return Unusable.of(Rejection.BAD_ENCODING, "not UTF-8 at " + pointer);
            }
            if (isNoNumber(value)) {
                return Unusable.of(Rejection.MALFORMED, "NaN or Infinity at " + pointer);
            }
            if (value.isTextual()) {
                return null;
            }
        }
        return null;
    }

    /** Returns the first pointer at which something of the field's kind is, or null. */
    private @Nullable JsonPointer first(JsonNode node, Field field, List<JsonPointer> pointers) {
        for (JsonPointer pointer : pointers) {
            JsonNode value = node.at(pointer);
            if (field == Field.URL && ids.contains(pointer) && !isAddress(value.asText())) {
                continue;
            }
            if (value.isTextual() || (field != Field.TEXT && value.isNumber() && !isNoNumber(value))) {
                return pointer;
            }
        }
        return null;
    }

    /** Some sets have addresses for ids, so that an id is where an address may be found. */
    private static boolean isAddress(String id) {
        return id.startsWith("http://") || id.startsWith("https://");
    }

    private static String plain(JsonNode value) {
        JsonNode meant = withoutOddValues(value);
        return meant.isValueNode() ? meant.asText() : meant.toString();
    }

    /** Returns a value in which null stands for what JSON cannot hold: NaN, Infinity, and bytes that are no text. */
    private static JsonNode withoutOddValues(JsonNode value) {
        if (value instanceof ObjectNode object) {
            object.properties().forEach(property -> property.setValue(withoutOddValues(property.getValue())));
        } else if (value instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, withoutOddValues(array.get(i)));
            }
        }
        return isNoNumber(value) || value.isBinary() ? NullNode.getInstance() : value;
    }

    private static boolean isNoNumber(JsonNode value) {
        return value.isFloatingPointNumber() && !value.isBigDecimal() && !Double.isFinite(value.doubleValue());
    }

    private static String where(JsonProcessingException e) {
        return e.getLocation() == null
                ? "its beginning"
                : "column " + e.getLocation().getColumnNr();
    }

    private static boolean isUtf8(byte[] bytes, int from, int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, length));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static Unusable unusable(Rejection reason, String detail, byte[] bytes, int from, int length) {
        byte @Nullable [] content =
                length > Unusable.MOST_CONTENT ? null : Arrays.copyOfRange(bytes, from, from + length);
        return new Unusable(reason, detail, content);
    }
}
