package org.bandpass.languagemodel;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bandpass.languagemodel.file.ModelFormatException;
import org.jspecify.annotations.Nullable;

/** Reads the keys of a {@code config.json}, refuses values that are not understood, and remembers which keys were not read. */
final class ConfigReader {
    private static final int LARGEST = 1 << 24;
    private static final int MOST_LAYERS = 1024;

    private final String where;
    private final JsonNode json;
    private final Set<String> asked = new TreeSet<>();
    private final Map<String, ConfigReader> objects = new TreeMap<>();

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

    /** The name under which a key is given: {@code transformers} lets the one that all families share win over a family's own. */
    String given(String own, String shared) {
        return has(shared) ? shared : own;
    }

    /** A size from 1 to 2^24. */
    int size(String key, int otherwise) {
        return whole(key, otherwise, LARGEST);
    }

    /** A number of layers; bounded, since each has weights to look for. */
    int layers(String key, int otherwise) {
        return whole(key, otherwise, MOST_LAYERS);
    }

    private int whole(String key, int otherwise, int most) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = json.get(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1 || value.intValue() > most) {
            throw wrong(key, "a whole number from 1 to " + most);
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

    /** Refuses a list that holds anything but that text. */
    void everyText(String key, String value) {
        if (has(key)) {
            for (JsonNode element : json.get(key)) {
                if (!element.asText().equals(value)) {
                    throw notImplemented(key, "only " + value + " is implemented");
                }
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

    @Nullable
    ConfigReader object(String key) {
        if (!has(key)) {
            return null;
        }
        if (!json.get(key).isObject()) {
            throw wrong(key, "an object");
        }
        return objects.computeIfAbsent(key, k -> new ConfigReader(where + ": " + k, json.get(k)));
    }

    /** Keys that were not read, which {@code transformers} ignores as well; those of an object after its name and a dot. */
    List<String> ignored() {
        Set<String> left = new TreeSet<>();
        json.fieldNames().forEachRemaining(left::add);
        left.removeAll(asked);
        objects.forEach((name, object) -> object.ignored().forEach(key -> left.add(name + "." + key)));
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
