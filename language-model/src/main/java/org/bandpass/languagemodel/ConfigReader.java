package org.bandpass.languagemodel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.bandpass.languagemodel.file.ModelFormatException;

/** Reads the keys of a {@code config.json} and refuses invalid values. */
final class ConfigReader {
    private final String where;
    private final JsonNode json;

    /** @param where names the file, and the key within it, in errors */
    ConfigReader(String where, JsonNode json) {
        if (!json.isObject()) {
            throw ModelFormatException.expected(where, "an object", json.getNodeType());
        }
        this.where = where;
        this.json = json;
    }

    boolean has(String key) {
        return json.hasNonNull(key);
    }

    /** Returns the name of a key in this file: in {@code transformers} the shared name has priority over a family's own. */
    String given(String own, String shared) {
        return has(shared) ? shared : own;
    }

    /** A size from 1 to 2^24. */
    int size(String key, int otherwise) {
        return whole(key, otherwise, 1 << 24);
    }

    /** A number of layers, bounded because each has weights to look up. */
    int layers(String key, int otherwise) {
        return whole(key, otherwise, 1024);
    }

    private int whole(String key, int otherwise, int most) {
        Predicate<JsonNode> fits = value -> value.isIntegralNumber()
                && value.canConvertToInt()
                && value.intValue() >= 1
                && value.intValue() <= most;
        return read(key, otherwise, JsonNode::intValue, fits, "a whole number from 1 to " + most);
    }

    double number(String key, double otherwise) {
        Predicate<JsonNode> fits = value -> value.isNumber() && Double.isFinite(value.doubleValue());
        return read(key, otherwise, JsonNode::doubleValue, fits, "a number");
    }

    private <T> T read(
            String key, T otherwise, Function<JsonNode, T> value, Predicate<JsonNode> fits, String expected) {
        if (!has(key)) {
            return otherwise;
        }
        if (!fits.test(json.get(key))) {
            throw wrong(key, expected);
        }
        return value.apply(json.get(key));
    }

    double positive(String key, double otherwise) {
        double value = number(key, otherwise);
        if (!(value > 0)) {
            throw wrong(key, "a number above 0");
        }
        return value;
    }

    boolean flag(String key, boolean otherwise) {
        return read(key, otherwise, JsonNode::booleanValue, JsonNode::isBoolean, "true or false");
    }

    String text(String key, String otherwise) {
        return read(key, otherwise, JsonNode::textValue, JsonNode::isTextual, "a text");
    }

    String oneOf(String key, String otherwise, List<String> allowed) {
        String value = text(key, otherwise);
        if (!allowed.contains(value)) {
            throw notImplemented(key, "implemented: " + String.join(", ", allowed));
        }
        return value;
    }

    /** Refuses every other value; the key may be absent or null. */
    void only(String key, boolean value) {
        if (flag(key, value) != value) {
            throw notImplemented(key, "only " + value + " is implemented");
        }
    }

    /** Refuses every other value; the key may be absent or null. */
    void only(String key, double value) {
        if (number(key, value) != value) {
            throw notImplemented(key, "only " + value + " is implemented");
        }
    }

    /** Refuses every value; the key may be absent or null. */
    void absent(String key) {
        if (has(key)) {
            throw notImplemented(key, "only null is implemented");
        }
    }

    /** Refuses a list with any other text. */
    void everyText(String key, String value) {
        for (JsonNode element : json.path(key)) {
            if (!element.asText().equals(value)) {
                throw notImplemented(key, "only " + value + " is implemented");
            }
        }
    }

    boolean isEmpty() {
        return json.isEmpty();
    }

    /** Refuses objects within this one. */
    void flat() {
        json.properties().forEach(field -> {
            if (field.getValue().isObject()) {
                throw notImplemented(field.getKey(), "only numbers and texts are implemented");
            }
        });
    }

    /** An object within this one; empty where the key is absent or null. */
    ConfigReader object(String key) {
        JsonNode none = JsonNodeFactory.instance.objectNode();
        return new ConfigReader(
                where + ": " + key, read(key, none, Function.identity(), JsonNode::isObject, "an object"));
    }

    ModelFormatException wrong(String key, String expected) {
        return ModelFormatException.expected(where + ": " + key, expected, shown(key));
    }

    ModelFormatException notImplemented(String key, String implemented) {
        return new ModelFormatException(where + ": " + key + " = " + shown(key)
                + " changes the numbers and is not implemented (" + implemented + ")");
    }

    private String shown(String key) {
        String text = String.valueOf(json.get(key));
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }
}
