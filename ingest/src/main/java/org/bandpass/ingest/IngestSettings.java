package org.bandpass.ingest;

import com.fasterxml.jackson.core.JsonPointer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.Split;
import org.bandpass.schemas.Topics;
import org.bandpass.service.ConfigurationException;
import org.bandpass.service.Settings;
import org.jspecify.annotations.Nullable;

/**
 * Settings of ingest.
 *
 * @param topics names of the topics
 * @param kafka settings of the Kafka clients
 * @param replication replicas of topics that are created
 * @param split how documents are split
 * @param rules what may become a document
 * @param bounds what is read at most
 * @param fields where a JSON record has what, by field, in order of preference
 * @param batch when a transaction is closed
 * @param sequences how documents are packed, null where they stay as they are
 * @param http how servers are asked
 * @param follow how folders are followed
 * @param passing records of the topics that are passed over
 * @param patience how long an ingest that has an end waits for a cluster that does not answer
 */
record IngestSettings(
        Topics topics,
        Map<String, Object> kafka,
        short replication,
        Split split,
        Rules rules,
        Bounds bounds,
        Map<Field, List<JsonPointer>> fields,
        Batch batch,
        @Nullable SequenceSettings sequences,
        HttpSettings http,
        FollowSettings follow,
        DeadLetterPositions passing,
        Duration patience) {

    /** Fields that a JSON record may have. */
    enum Field {
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

        String key() {
            return "ingest.field." + name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * What may become a document.
     *
     * @param window how many of the last ids a document is compared with
     * @param minCharacters fewest characters
     * @param maxCharacters most characters, 0 for no bound
     * @param notTextShare largest share of control and replacement characters
     * @param domain domain of documents whose source names none
     */
    record Rules(int window, int minCharacters, int maxCharacters, double notTextShare, String domain) {}

    /**
     * What is read at most.
     *
     * @param recordBytes largest record as stored, decompressed
     * @param fileBytes largest file, decompressed
     * @param fileRatio largest ratio of decompressed to stored bytes
     * @param jsonDepth deepest nesting of JSON
     * @param replacedShare largest share of a page's characters that could not be decoded
     */
    record Bounds(int recordBytes, long fileBytes, int fileRatio, int jsonDepth, double replacedShare) {}

    /**
     * When a transaction is closed: by whichever comes first.
     *
     * @param records records decided
     * @param bytes bytes of documents
     * @param millis age
     */
    record Batch(int records, long bytes, int millis) {}

    static final String SEED = "ingest.split.seed";
    static final String HELD_OUT_SHARE = "ingest.split.held.out.share";
    static final String REFERENCE_SHARE = "ingest.split.reference.share";
    static final String WINDOW = "ingest.duplicates.window";
    static final String MIN_CHARACTERS = "ingest.min.characters";
    static final String MAX_CHARACTERS = "ingest.max.characters";
    static final String NOT_TEXT_SHARE = "ingest.not.text.share";
    static final String DOMAIN = "ingest.domain";
    static final String RECORD_BYTES = "ingest.record.max.bytes";
    static final String FILE_BYTES = "ingest.file.max.bytes";
    static final String FILE_RATIO = "ingest.file.max.ratio";
    static final String JSON_DEPTH = "ingest.json.max.depth";
    static final String REPLACED_SHARE = "ingest.page.replaced.share";
    static final String BATCH_RECORDS = "ingest.batch.records";
    static final String BATCH_BYTES = "ingest.batch.bytes";
    static final String BATCH_MILLIS = "ingest.batch.ms";

    static ConfigDef definition() {
        ConfigDef definition = new ConfigDef();
        defineSplit(definition);
        defineRules(definition);
        defineBounds(definition);
        definition.define(
                REPLACED_SHARE,
                Type.DOUBLE,
                0.01,
                Range.between(0, 1),
                Importance.LOW,
                "Largest share of a page's characters that could not be decoded and became U+FFFD; two are never too"
                        + " many.");
        SequenceSettings.define(definition);
        HttpSettings.define(definition);
        FollowSettings.define(definition);
        for (Field field : Field.values()) {
            definition.define(
                    field.key(),
                    Type.STRING,
                    field.usual,
                    Importance.MEDIUM,
                    "JSON pointers to the " + field.name().toLowerCase(java.util.Locale.ROOT)
                            + " of a JSON record, the first that is there counts.");
        }
        return definition;
    }

    private static void defineSplit(ConfigDef definition) {
        definition
                .define(SEED, Type.LONG, 17L, Importance.HIGH, "Seed of the split.")
                .define(
                        HELD_OUT_SHARE,
                        Type.DOUBLE,
                        0.05,
                        Range.between(0, 1),
                        Importance.HIGH,
                        "Share of documents kept for evaluation.")
                .define(
                        REFERENCE_SHARE,
                        Type.DOUBLE,
                        0.20,
                        Range.between(0, 1),
                        Importance.HIGH,
                        "Share of documents that train the reference model.")
                .define(
                        BATCH_RECORDS,
                        Type.INT,
                        5_000,
                        Range.atLeast(1),
                        Importance.LOW,
                        "Records in one transaction at most.")
                .define(
                        BATCH_BYTES,
                        Type.LONG,
                        16L << 20,
                        Range.atLeast(1),
                        Importance.LOW,
                        "Bytes of documents after which a transaction is closed.")
                .define(
                        BATCH_MILLIS,
                        Type.INT,
                        1_000,
                        Range.between(1, 30_000),
                        Importance.LOW,
                        "Age at which a transaction is closed.");
    }

    private static void defineRules(ConfigDef definition) {
        definition
                .define(
                        WINDOW,
                        Type.INT,
                        1_000_000,
                        Range.between(0, 1 << 28),
                        Importance.HIGH,
                        "How many of the last ids a document is compared with; 0 admits duplicates.")
                .define(
                        MIN_CHARACTERS,
                        Type.INT,
                        1,
                        Range.atLeast(1),
                        Importance.MEDIUM,
                        "Fewest characters of a document.")
                .define(
                        MAX_CHARACTERS,
                        Type.INT,
                        0,
                        Range.atLeast(0),
                        Importance.MEDIUM,
                        "Most characters of a document; 0 leaves it to document.max.bytes.")
                .define(
                        NOT_TEXT_SHARE,
                        Type.DOUBLE,
                        0.1,
                        Range.between(0, 1),
                        Importance.LOW,
                        "Largest share of control and replacement characters in a text.")
                .define(
                        DOMAIN,
                        Type.STRING,
                        "unknown",
                        new ConfigDef.NonEmptyString(),
                        Importance.MEDIUM,
                        "Domain of documents whose source names none.");
    }

    private static void defineBounds(ConfigDef definition) {
        definition
                .define(
                        RECORD_BYTES,
                        Type.INT,
                        32 << 20,
                        Range.between(1 << 10, 1 << 30),
                        Importance.MEDIUM,
                        "Largest record of a source (a line, a response), decompressed, in bytes. Of a Parquet file"
                                + " six times as much is held.")
                .define(
                        FILE_BYTES,
                        Type.LONG,
                        1L << 40,
                        Range.atLeast(1),
                        Importance.LOW,
                        "Bytes of one file, decompressed, at most.")
                .define(
                        FILE_RATIO,
                        Type.INT,
                        200,
                        Range.atLeast(1),
                        Importance.LOW,
                        "Largest ratio of decompressed to stored bytes of a file beyond 16 MiB.")
                .define(
                        JSON_DEPTH,
                        Type.INT,
                        100,
                        Range.between(1, 1_000),
                        Importance.LOW,
                        "Deepest nesting of a JSON record.");
    }

    /**
     * Returns the settings.
     *
     * @param seed seed of the split from the command line, or null
     * @param packing what the command line says about sequences
     * @throws ConfigurationException if a value cannot be
     */
    static IngestSettings of(Settings settings, @Nullable Long seed, SequenceOptions packing) {
        Rules rules = new Rules(
                settings.integer(WINDOW),
                settings.integer(MIN_CHARACTERS),
                settings.integer(MAX_CHARACTERS),
                settings.real(NOT_TEXT_SHARE),
                settings.text(DOMAIN));
        Bounds bounds = new Bounds(
                settings.integer(RECORD_BYTES),
                settings.longInteger(FILE_BYTES),
                settings.integer(FILE_RATIO),
                settings.integer(JSON_DEPTH),
                settings.real(REPLACED_SHARE));
        Batch batch = new Batch(
                settings.integer(BATCH_RECORDS), settings.longInteger(BATCH_BYTES), settings.integer(BATCH_MILLIS));
        return new IngestSettings(
                new Topics(settings.topicPrefix(), settings.topicPartitions(), settings.documentMaxBytes()),
                settings.kafka(),
                settings.topicReplication(),
                split(settings, seed),
                rules,
                bounds,
                pointers(settings),
                batch,
                SequenceSettings.of(settings, packing),
                HttpSettings.of(settings),
                FollowSettings.of(settings),
                DeadLetterPositions.parse(settings.deadLetterPositions()),
                settings.outagePatience());
    }

    /** Returns how documents are packed, where they are. */
    SequenceSettings required() {
        return Objects.requireNonNull(sequences, "documents are not packed");
    }

    private static Split split(Settings settings, @Nullable Long seed) {
        try {
            return new Split(
                    seed == null ? settings.longInteger(SEED) : seed,
                    settings.real(HELD_OUT_SHARE),
                    settings.real(REFERENCE_SHARE));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
    }

    private static Map<Field, List<JsonPointer>> pointers(Settings settings) {
        Map<Field, List<JsonPointer>> pointers = new LinkedHashMap<>();
        for (Field field : Field.values()) {
            List<JsonPointer> ofField = new ArrayList<>();
            for (String pointer : settings.text(field.key()).split(",", -1)) {
                try {
                    if (!pointer.isBlank()) {
                        ofField.add(JsonPointer.compile(pointer.strip()));
                    }
                } catch (IllegalArgumentException e) {
                    throw new ConfigurationException(
                            field.key() + ": '" + pointer + "' is no JSON pointer, it must begin with '/'", e);
                }
            }
            pointers.put(field, ofField);
        }
        return pointers;
    }
}
