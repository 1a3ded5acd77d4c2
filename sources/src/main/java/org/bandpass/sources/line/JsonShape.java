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

/** Finds the fields of a document in a JSON object: those of the Pile, Dolma and C4 unless the settings name others. */
public final class JsonShape {

    private static final String TOKEN_IDS = "ids";

    private final ObjectMapper mapper;
    /** Pointers to each field, in order of preference. */
    private final Map<Field, List<JsonPointer>> fields;
    /** Whether records may have token ids instead of a text. */
    private final boolean tokenIds;

    public JsonShape(Map<Field, List<JsonPointer>> fields, Bounds bounds, boolean tokenIds) {
        this.tokenIds = tokenIds;
        this.fields = new EnumMap<>(fields);
        StreamReadConstraints constraints = StreamReadConstraints.builder()
                .maxNestingDepth(bounds.jsonDepth())
                .maxStringLength(bounds.recordBytes())
                .build();
        // Python writes NaN and Infinity by default. JSON lines are UTF-8, so no line is guessed to be UTF-16.
        mapper = new ObjectMapper(JsonFactory.builder()
                        .streamReadConstraints(constraints)
                        .disable(JsonFactory.Feature.CHARSET_DETECTION)
                        .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                        .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /** Returns the record in a line or value. */
    public SourceRecord read(byte[] bytes, int from, int length) {
        SourceRecord record = parse(bytes, from, length);
        return record instanceof Unusable unusable && length <= Unusable.MOST_CONTENT
                ? new Unusable(unusable.reason(), unusable.detail(), Arrays.copyOfRange(bytes, from, from + length))
                : record;
    }

    private SourceRecord parse(byte[] bytes, int from, int length) {
        try {
            JsonNode node = mapper.readTree(bytes, from, length);
            if (Utf8Forms.hasForbidden(bytes, from, length)) {
                return Unusable.of(Rejection.BAD_ENCODING, "not UTF-8");
            }
            return node.isObject() ? read(node) : Unusable.of(Rejection.MALFORMED, "not a JSON object");
        } catch (StreamConstraintsException e) {
            Rejection reason = e.getOriginalMessage().contains("depth") ? Rejection.TOO_DEEP : Rejection.MALFORMED;
            return Unusable.of(reason, e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            // The parser's message may quote the line, so only the position is reported.
            return PlainText.text(bytes, from, from + length, StandardCharsets.UTF_8) == null
                    ? Unusable.of(Rejection.BAD_ENCODING, "not UTF-8")
                    : Unusable.of(Rejection.MALFORMED, "no JSON from " + where(e) + " on");
        } catch (IOException e) {
            return Unusable.of(Rejection.MALFORMED, "no JSON");
        }
    }

    /** Returns the record in an object. */
    public SourceRecord read(JsonNode node) {
        Unusable damaged = damagedText(node);
        if (damaged != null) {
            return damaged;
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

    /** Returns why the first text is refused, or null. Another field is not used in place of a damaged text. */
    private @Nullable Unusable damagedText(JsonNode node) {
        for (JsonPointer pointer : fields.getOrDefault(Field.TEXT, List.of())) {
            JsonNode value = node.at(pointer);
            if (value.isBinary()) {
                return Unusable.of(Rejection.BAD_ENCODING, "not UTF-8 at " + pointer);
            }
            if (isNotFinite(value)) {
                return Unusable.of(Rejection.MALFORMED, "NaN or Infinity at " + pointer);
            }
            if (value.isTextual()) {
                return null;
            }
        }
        return null;
    }

    /** Returns the first pointer to a value of the field's kind, or null. */
    private @Nullable JsonPointer first(JsonNode node, Field field, List<JsonPointer> pointers) {
        for (JsonPointer pointer : pointers) {
            JsonNode value = node.at(pointer);
            boolean ofKind = value.isTextual() || field != Field.TEXT && value.isNumber() && !isNotFinite(value);
            if (ofKind
                    && (field != Field.URL || !isId(pointer) || value.asText().matches("(?s)https?://.*"))) {
                return pointer;
            }
        }
        return null;
    }

    /** Some data sets use addresses as ids, so an id is a URL only if it is an address. */
    private boolean isId(JsonPointer pointer) {
        return fields.getOrDefault(Field.ID, List.of()).contains(pointer);
    }

    private static String plain(JsonNode value) {
        JsonNode strict = strict(value);
        return strict.isValueNode() ? strict.asText() : strict.toString();
    }

    /** Replaces values that JSON does not have by null: NaN, Infinity, and bytes that are not text. */
    private static JsonNode strict(JsonNode value) {
        if (value instanceof ObjectNode object) {
            object.properties().forEach(property -> property.setValue(strict(property.getValue())));
        } else if (value instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, strict(array.get(i)));
            }
        }
        return isNotFinite(value) || value.isBinary() ? NullNode.getInstance() : value;
    }

    private static boolean isNotFinite(JsonNode value) {
        return value.isFloatingPointNumber() && !value.isBigDecimal() && !Double.isFinite(value.doubleValue());
    }

    private static String where(JsonProcessingException e) {
        return e.getLocation() == null
                ? "its beginning"
                : "column " + e.getLocation().getColumnNr();
    }
}
