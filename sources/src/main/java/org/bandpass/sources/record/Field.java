package org.bandpass.sources.record;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Fields that a JSON record or a row of a table may have. */
public enum Field {
    TEXT("/text,/content,/raw_content"),
    ID("/id,/doc_id"),
    DOMAIN("/meta/pile_set_name,/metadata/pile_set_name,/domain,/source"),
    LANGUAGE("/language,/lang,/metadata/language,/meta/language"),
    URL("/url,/metadata/url,/meta/url,/id"),
    DATE("/timestamp,/date,/created,/date_download,/metadata/date_download");

    private final String usual;

    Field(String usual) {
        this.usual = usual;
    }

    /** Returns the JSON pointers of common data sets, in order of preference, joined by commas. */
    public String usual() {
        return usual;
    }

    /** Returns the pointers of common data sets for all fields. */
    public static Map<Field, List<JsonPointer>> usualPointers() {
        Map<Field, List<JsonPointer>> pointers = new EnumMap<>(Field.class);
        for (Field field : values()) {
            pointers.put(
                    field,
                    Stream.of(field.usual.split(",")).map(JsonPointer::compile).toList());
        }
        return pointers;
    }
}
