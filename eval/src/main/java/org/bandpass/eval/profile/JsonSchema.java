package org.bandpass.eval.profile;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks a value against a JSON schema (2020-12) that uses only {@code type}, {@code properties}, {@code required},
 * {@code additionalProperties: false}, {@code items}, {@code minItems}, {@code enum}, {@code pattern}, {@code minimum},
 * {@code exclusiveMaximum} and references into {@code $defs}.
 */
record JsonSchema(JsonNode root) {

    /** Returns what is wrong first, with its place; empty if the value is valid. */
    Optional<String> violation(JsonNode value) {
        return Optional.ofNullable(check(root, value, ""));
    }

    private @Nullable String check(JsonNode given, JsonNode value, String at) {
        JsonNode schema =
                given.has("$ref") ? root.at(given.get("$ref").textValue().substring(1)) : given;
        String type = schema.path("type").asText("object");
        if (!isOf(type, value)) {
            return name(at) + " must be of type " + type + ", not " + value;
        }
        return switch (type) {
            case "object" -> object(schema, value, at);
            case "array" -> array(schema, value, at);
            case "string" -> string(schema, value, at);
            case "number", "integer" -> number(schema, value, at);
            default -> null;
        };
    }

    private static boolean isOf(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isInt();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            default -> throw new IllegalStateException("unknown type in the schema: " + type);
        };
    }

    private @Nullable String object(JsonNode schema, JsonNode value, String at) {
        for (JsonNode required : schema.path("required")) {
            if (!value.has(required.textValue())) {
                return name(at) + " lacks '" + required.textValue() + "'";
            }
        }
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            JsonNode property = schema.path("properties").get(field.getKey());
            if (property == null) {
                return name(at) + " has an unknown key '" + field.getKey() + "'";
            }
            String wrong = check(property, field.getValue(), at.isEmpty() ? field.getKey() : at + "." + field.getKey());
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }

    private @Nullable String array(JsonNode schema, JsonNode value, String at) {
        if (value.size() < schema.path("minItems").asInt(0)) {
            return name(at) + " must not be empty";
        }
        for (int i = 0; i < value.size(); i++) {
            String wrong = check(schema.get("items"), value.get(i), at + "[" + i + "]");
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }

    private static @Nullable String string(JsonNode schema, JsonNode value, String at) {
        if (schema.has("enum")) {
            for (JsonNode allowed : schema.get("enum")) {
                if (allowed.equals(value)) {
                    return null;
                }
            }
            return name(at) + " must be one of " + schema.get("enum") + ", not " + value;
        }
        if (schema.has("pattern")
                && !Pattern.compile(schema.get("pattern").textValue())
                        .matcher(value.textValue())
                        .find()) {
            return name(at) + " must match " + schema.get("pattern").textValue() + ", not " + value;
        }
        return null;
    }

    private static @Nullable String number(JsonNode schema, JsonNode value, String at) {
        double number = value.doubleValue();
        if (schema.has("minimum") && number < schema.get("minimum").doubleValue()) {
            return name(at) + " must be at least " + schema.get("minimum") + ", not " + value;
        }
        if (schema.has("exclusiveMaximum")
                && number >= schema.get("exclusiveMaximum").doubleValue()) {
            return name(at) + " must be below " + schema.get("exclusiveMaximum") + ", not " + value;
        }
        return null;
    }

    private static String name(String at) {
        return at.isEmpty() ? "the file" : at;
    }
}
