package org.bandpass.ingest;

import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;
import static org.apache.kafka.common.config.ConfigDef.Type.BOOLEAN;
import static org.apache.kafka.common.config.ConfigDef.Type.DOUBLE;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.bandpass.service.ConfigurationException;
import org.bandpass.service.Settings;
import org.bandpass.sources.FollowTimes;
import org.bandpass.sources.http.HttpPatience;
import org.bandpass.sources.page.PagePart;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.Field;

/**
 * Settings of how sources are read.
 *
 * @param fields JSON pointers by field, in order of preference
 * @param pageParts parts of pages that are kept besides their text
 */
record ReadingSettings(
        Bounds bounds,
        Map<Field, List<JsonPointer>> fields,
        Set<PagePart> pageParts,
        HttpPatience http,
        FollowTimes follow) {

    private static final String BACK_OFF = "ingest.http.backoff.ms";
    private static final String TIMEOUT = "ingest.http.timeout.ms";
    private static final String SETTLE = "ingest.follow.settle.ms";
    private static final String POLL = "ingest.follow.poll.ms";

    static void define(ConfigDef definition) {
        defineBounds(definition, Bounds.DEFAULT);
        defineHttp(definition, HttpPatience.DEFAULT);
        definition.define(
                SETTLE,
                INT,
                5_000,
                between(0, 3_600_000),
                MEDIUM,
                "Time without change before a followed file is read.");
        definition.define(
                POLL, INT, 1_000, between(1, 3_600_000), LOW, "Interval at which followed folders are scanned.");
        for (PagePart part : PagePart.values()) {
            String doc = "Whether the " + part.word() + " of a page are kept besides its text.";
            definition.define(key(part), BOOLEAN, false, MEDIUM, doc);
        }
        for (Field field : Field.values()) {
            String doc = "JSON pointers to the " + word(field) + " of a JSON record; the first one found counts.";
            definition.define(key(field), STRING, field.usual(), MEDIUM, doc);
        }
    }

    private static void defineBounds(ConfigDef definition, Bounds bounds) {
        definition.define(
                Bounds.RECORD_BYTES,
                INT,
                bounds.recordBytes(),
                between(1 << 10, 1 << 30),
                MEDIUM,
                "Largest record of a source (a line, a response), decompressed, in bytes. A Parquet file takes"
                        + " six times as much memory.");
        definition.define(
                Bounds.FILE_BYTES, LONG, bounds.fileBytes(), atLeast(1), LOW, "Most bytes of one file, decompressed.");
        definition.define(
                Bounds.FILE_RATIO,
                INT,
                bounds.fileRatio(),
                atLeast(1),
                LOW,
                "Largest ratio of decompressed to stored bytes of a file beyond 16 MiB.");
        definition.define(
                Bounds.JSON_DEPTH, INT, bounds.jsonDepth(), between(1, 1_000), LOW, "Deepest nesting of JSON.");
        definition.define(
                Bounds.REPLACED_SHARE,
                DOUBLE,
                bounds.replacedShare(),
                between(0, 1),
                LOW,
                "Largest share of a page's characters that could not be decoded and became U+FFFD; two such"
                        + " characters are always allowed.");
    }

    private static void defineHttp(ConfigDef definition, HttpPatience http) {
        definition.define(
                HttpPatience.ATTEMPTS,
                INT,
                http.attempts(),
                between(1, 100),
                LOW,
                "Failed requests in a row after which a URL is given up; an interrupted transfer resumes where it"
                        + " stopped. A server that has answered in this run, but now fails that often even for"
                        + " what it gave before, gets a pause instead (ingest.http.patience.ms).");
        definition.define(
                BACK_OFF,
                INT,
                http.backOffMillis(),
                between(1, 60_000),
                LOW,
                "Pause before the second attempt; doubled before each further one, up to a minute. A longer pause"
                        + " that a server asks for (Retry-After) is kept, up to ten minutes.");
        definition.define(
                TIMEOUT,
                INT,
                http.timeoutMillis(),
                between(1, 3_600_000),
                LOW,
                "Longest silence of a server, while connecting, before the answer or within it.");
        definition.define(
                HttpPatience.PATIENCE,
                LONG,
                http.patienceMillis(),
                atLeast(1),
                LOW,
                "How long to wait for a server that has answered in this run: the pauses between attempts grow to"
                        + " two hours, and the files after it wait too. Then the run ends.");
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
                pageParts(settings),
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

    private static Set<PagePart> pageParts(Settings settings) {
        Set<PagePart> parts = EnumSet.allOf(PagePart.class);
        parts.removeIf(part -> !settings.flag(key(part)));
        return parts;
    }

    private static String key(PagePart part) {
        return "ingest.page." + part.word();
    }

    private static String key(Field field) {
        return "ingest.field." + word(field);
    }

    private static String word(Field field) {
        return field.name().toLowerCase(Locale.ROOT);
    }
}
