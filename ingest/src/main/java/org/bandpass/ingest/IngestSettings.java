package org.bandpass.ingest;

import java.time.Duration;
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
import org.bandpass.sources.SourceOpener;
import org.jspecify.annotations.Nullable;

/**
 * Settings of ingest.
 *
 * @param topics names of the topics
 * @param kafka settings of the Kafka clients
 * @param replication replicas of topics that are created
 * @param split how documents are split
 * @param rules what may become a document
 * @param reading how sources are read
 * @param batch when a transaction is closed
 * @param sequences how documents are packed, null where they stay as they are
 * @param passing records of the topics that are skipped
 * @param patience how long an ingest that has an end waits for a cluster that does not answer
 */
record IngestSettings(
        Topics topics,
        Map<String, Object> kafka,
        short replication,
        Split split,
        Rules rules,
        ReadingSettings reading,
        Batch batch,
        @Nullable SequenceSettings sequences,
        DeadLetterPositions passing,
        Duration patience) {

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
    static final String BATCH_RECORDS = "ingest.batch.records";
    static final String BATCH_BYTES = "ingest.batch.bytes";
    static final String BATCH_MILLIS = "ingest.batch.ms";

    static ConfigDef definition() {
        ConfigDef definition = new ConfigDef();
        defineSplit(definition);
        defineRules(definition);
        SequenceSettings.define(definition);
        ReadingSettings.define(definition);
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

    /**
     * Returns the settings.
     *
     * @param seed seed of the split from the command line, or null
     * @param packing what the command line says about sequences
     * @throws ConfigurationException if a value is invalid
     */
    static IngestSettings of(Settings settings, @Nullable Long seed, SequenceOptions packing) {
        Rules rules = new Rules(
                settings.integer(WINDOW),
                settings.integer(MIN_CHARACTERS),
                settings.integer(MAX_CHARACTERS),
                settings.real(NOT_TEXT_SHARE),
                settings.text(DOMAIN));
        Batch batch = new Batch(
                settings.integer(BATCH_RECORDS), settings.longInteger(BATCH_BYTES), settings.integer(BATCH_MILLIS));
        return new IngestSettings(
                new Topics(settings.topicPrefix(), settings.topicPartitions(), settings.documentMaxBytes()),
                settings.kafka(),
                settings.topicReplication(),
                split(settings, seed),
                rules,
                ReadingSettings.of(settings),
                batch,
                SequenceSettings.of(settings, packing),
                DeadLetterPositions.parse(settings.deadLetterPositions()),
                settings.outagePatience());
    }

    /** Returns what opens sources. */
    SourceOpener opener() {
        return new SourceOpener(reading.bounds(), reading.fields());
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
}
