package org.bandpass.sources;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.Field;

/** Openers with the bounds of a test. */
public final class SampleOpener {

    private SampleOpener() {}

    /** Returns an opener with bounds and fields that differ from the usual ones by {@code name=value}. */
    public static SourceOpener with(String... assignments) {
        Map<String, String> set = parse(assignments);
        Map<Field, List<JsonPointer>> fields = Field.usualPointers();
        for (Field field : Field.values()) {
            String pointer = set.remove("ingest.field." + field.name().toLowerCase(Locale.ROOT));
            if (pointer != null) {
                fields.put(field, List.of(JsonPointer.compile(pointer)));
            }
        }
        return new SourceOpener(bounds(set), fields);
    }

    /** Returns bounds that differ from the usual ones. */
    public static Bounds bounds(String... assignments) {
        return bounds(parse(assignments));
    }

    private static Map<String, String> parse(String... assignments) {
        Map<String, String> set = new HashMap<>();
        for (String assignment : assignments) {
            String[] parts = assignment.split("=", 2);
            set.put(parts[0], parts[1]);
        }
        return set;
    }

    private static Bounds bounds(Map<String, String> set) {
        Bounds usual = Bounds.DEFAULT;
        Bounds bounds = new Bounds(
                Integer.parseInt(take(set, Bounds.RECORD_BYTES, usual.recordBytes())),
                Long.parseLong(take(set, Bounds.FILE_BYTES, usual.fileBytes())),
                Integer.parseInt(take(set, Bounds.FILE_RATIO, usual.fileRatio())),
                Integer.parseInt(take(set, Bounds.JSON_DEPTH, usual.jsonDepth())),
                Double.parseDouble(take(set, Bounds.REPLACED_SHARE, usual.replacedShare())));
        if (!set.isEmpty()) {
            throw new IllegalArgumentException("no bounds: " + set.keySet());
        }
        return bounds;
    }

    private static String take(Map<String, String> set, String name, Number usual) {
        String value = set.remove(name);
        return value == null ? usual.toString() : value;
    }
}
