package org.bandpass.languagemodel;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the keys of a {@code config.json}, refuses values that are not understood, and remembers which keys nobody asked for. */
final class ConfigReader {
    private static final int LARGEST = 1 << 24;

    private final String where;
    private final JsonNode json;
    private final Set<String> asked = new TreeSet<>();

    /** @param where names the file, and the key within it, in errors */
    ConfigReader(String where, JsonNode json) {
        if (!json.isObject()) {
            throw new ModelFormatException(where + ": expected an object, found " + json.getNodeType());
        }
        this.where = where;
        this.json = json;
    }

    boolean has(String key) {
        asked.add(key);
        return json.hasNonNull(key);
    }

    /** A size from 1 to 2^24. */
    int size(String key) {
        if (!has(key)) {
            throw new ModelFormatException(where + ": " + key + " is missing");
        }
        return size(key, 0);
    }

    int size(String key, int otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = json.get(key);
        if (!value.isIntegralNumber()
                || !value.canConvertToInt()
                || value.intValue() < 1
                || value.intValue() > LARGEST) {
            throw wrong(key, "a whole number from 1 to " + LARGEST);
        }
        return value.intValue();
    }

    double number(String key, double otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = json.get(key);
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw wrong(key, "a number");
        }
        return value.doubleValue();
    }

    /** A number above 0. */
    double positive(String key, double otherwise) {
        double value = number(key, otherwise);
        if (!(value > 0)) {
            throw wrong(key, "a number above 0");
        }
        return value;
    }

    boolean flag(String key, boolean otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        if (!json.get(key).isBoolean()) {
            throw wrong(key, "true or false");
        }
        return json.get(key).booleanValue();
    }

    @Nullable
    String text(String key) {
        if (!has(key)) {
            return null;
        }
        if (!json.get(key).isTextual()) {
            throw wrong(key, "a text");
        }
        return json.get(key).textValue();
    }

    String text(String key, String otherwise) {
        String value = text(key);
        return value == null ? otherwise : value;
    }

    /** One of those texts. */
    String oneOf(String key, String otherwise, List<String> allowed) {
        String value = text(key, otherwise);
        if (!allowed.contains(value)) {
            throw notImplemented(key, "implemented: " + String.join(", ", allowed));
        }
        return value;
    }

    /** Refuses every value but that one, an absent key or null. */
    void only(String key, boolean value) {
        if (flag(key, value) != value) {
            throw notImplemented(key, "only " + value + " is implemented");
        }
    }

    /** Refuses every value but that one, an absent key or null. */
    void only(String key, double value) {
        if (number(key, value) != value) {
            throw notImplemented(key, "only " + value + " is implemented");
        }
    }

    /** Refuses every value but null or an absent key. */
    void absent(String key) {
        if (has(key)) {
            throw notImplemented(key, "only null is implemented");
        }
    }

    @Nullable
    ConfigReader object(String key) {
        if (!has(key)) {
            return null;
        }
        if (!json.get(key).isObject()) {
            throw wrong(key, "an object");
        }
        return new ConfigReader(where + ": " + key, json.get(key));
    }

    /** Keys that nobody asked for, which {@code transformers} ignores as well. */
    List<String> ignored() {
        Set<String> left = new TreeSet<>();
        json.fieldNames().forEachRemaining(left::add);
        left.removeAll(asked);
        return List.copyOf(left);
    }

    ModelFormatException wrong(String key, String expected) {
        return new ModelFormatException(where + ": " + key + ": expected " + expected + ", found " + shown(key));
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
