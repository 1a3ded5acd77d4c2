package org.bandpass.ingest;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.bandpass.service.ConfigurationException;
import org.bandpass.service.Settings;
import org.bandpass.sources.FollowTimes;
import org.bandpass.sources.http.HttpPatience;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.Field;

/**
 * Settings of how sources are read.
 *
 * @param bounds what is read at most
 * @param fields where a JSON record has what, by field, in order of preference
 * @param http how long servers are waited for
 * @param follow when folders are followed
 */
record ReadingSettings(Bounds bounds, Map<Field, List<JsonPointer>> fields, HttpPatience http, FollowTimes follow) {

    private static final String BACK_OFF = "ingest.http.backoff.ms";
    private static final String TIMEOUT = "ingest.http.timeout.ms";
    private static final String SETTLE = "ingest.follow.settle.ms";
    private static final String POLL = "ingest.follow.poll.ms";

    static void define(ConfigDef definition) {
        defineBounds(definition);
        defineHttp(definition);
        definition
                .define(
                        SETTLE,
                        Type.INT,
                        5_000,
                        Range.between(0, 3_600_000),
                        Importance.MEDIUM,
                        "How long a file in a followed folder must have kept its size and time before it is read.")
                .define(
                        POLL,
                        Type.INT,
                        1_000,
                        Range.between(1, 3_600_000),
                        Importance.LOW,
                        "How often followed folders are looked through.");
        for (Field field : Field.values()) {
            definition.define(
                    key(field),
                    Type.STRING,
                    field.usual(),
                    Importance.MEDIUM,
                    "JSON pointers to the " + word(field) + " of a JSON record, the first that is there counts.");
        }
    }

    private static void defineBounds(ConfigDef definition) {
        definition
                .define(
                        Bounds.RECORD_BYTES,
                        Type.INT,
                        Bounds.DEFAULT.recordBytes(),
                        Range.between(1 << 10, 1 << 30),
                        Importance.MEDIUM,
                        "Largest record of a source (a line, a response), decompressed, in bytes. Of a Parquet file"
                                + " six times as much is held.")
                .define(
                        Bounds.FILE_BYTES,
                        Type.LONG,
                        Bounds.DEFAULT.fileBytes(),
                        Range.atLeast(1),
                        Importance.LOW,
                        "Bytes of one file, decompressed, at most.")
                .define(
                        Bounds.FILE_RATIO,
                        Type.INT,
                        Bounds.DEFAULT.fileRatio(),
                        Range.atLeast(1),
                        Importance.LOW,
                        "Largest ratio of decompressed to stored bytes of a file beyond 16 MiB.")
                .define(
                        Bounds.JSON_DEPTH,
                        Type.INT,
                        Bounds.DEFAULT.jsonDepth(),
                        Range.between(1, 1_000),
                        Importance.LOW,
                        "Deepest nesting of a JSON record.")
                .define(
                        Bounds.REPLACED_SHARE,
                        Type.DOUBLE,
                        Bounds.DEFAULT.replacedShare(),
                        Range.between(0, 1),
                        Importance.LOW,
                        "Largest share of a page's characters that could not be decoded and became U+FFFD; two are"
                                + " never too many.");
    }

    private static void defineHttp(ConfigDef definition) {
        definition
                .define(
                        HttpPatience.ATTEMPTS,
                        Type.INT,
                        HttpPatience.DEFAULT.attempts(),
                        Range.between(1, 100),
                        Importance.LOW,
                        "Requests in a row that may fail before a URL is given up; a transfer that was cut resumes"
                                + " where it was. When a server that has answered in this run refuses or fails that"
                                + " often, for what it gave before too, it is left alone instead.")
                .define(
                        BACK_OFF,
                        Type.INT,
                        HttpPatience.DEFAULT.backOffMillis(),
                        Range.between(1, 60_000),
                        Importance.LOW,
                        "Wait before the second attempt; twice as long before each further one, a minute at most."
                                + " A server that asks for longer (Retry-After) is left alone for that long, ten"
                                + " minutes at most.")
                .define(
                        TIMEOUT,
                        Type.INT,
                        HttpPatience.DEFAULT.timeoutMillis(),
                        Range.between(1, 3_600_000),
                        Importance.LOW,
                        "Longest silence of a server, while connecting, before the answer or within it.")
                .define(
                        HttpPatience.PATIENCE,
                        Type.LONG,
                        HttpPatience.DEFAULT.patienceMillis(),
                        Range.atLeast(1),
                        Importance.LOW,
                        "How long a server that has answered in this run is waited for: the pauses between attempts"
                                + " grow to two hours, and the files after it wait too. Then the run ends.");
    }

    /**
     * Returns the settings.
     *
     * @throws ConfigurationException if one is invalid
     */
    static ReadingSettings of(Settings settings) {
        return new ReadingSettings(
                new Bounds(
                        settings.integer(Bounds.RECORD_BYTES),
                        settings.longInteger(Bounds.FILE_BYTES),
                        settings.integer(Bounds.FILE_RATIO),
                        settings.integer(Bounds.JSON_DEPTH),
                        settings.real(Bounds.REPLACED_SHARE)),
                pointers(settings),
                new HttpPatience(
                        settings.integer(HttpPatience.ATTEMPTS),
                        settings.integer(BACK_OFF),
                        settings.integer(TIMEOUT),
                        settings.longInteger(HttpPatience.PATIENCE)),
                new FollowTimes(settings.integer(SETTLE), settings.integer(POLL)));
    }

    private static Map<Field, List<JsonPointer>> pointers(Settings settings) {
        Map<Field, List<JsonPointer>> pointers = new EnumMap<>(Field.class);
        for (Field field : Field.values()) {
            List<JsonPointer> ofField = new ArrayList<>();
            for (String pointer : settings.text(key(field)).split(",", -1)) {
                try {
                    if (!pointer.isBlank()) {
                        ofField.add(JsonPointer.compile(pointer.strip()));
                    }
                } catch (IllegalArgumentException e) {
                    throw new ConfigurationException(
                            key(field) + ": '" + pointer + "' is no JSON pointer, it must begin with '/'", e);
                }
            }
            pointers.put(field, ofField);
        }
        return pointers;
    }

    private static String key(Field field) {
        return "ingest.field." + word(field);
    }

    private static String word(Field field) {
        return field.name().toLowerCase(Locale.ROOT);
    }
}
