package org.bandpass.ingest;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;
import static org.apache.kafka.common.config.ConfigDef.Type.DOUBLE;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
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
 * @param kafka settings of the Kafka clients
 * @param replication replicas of topics that are created
 * @param sequences how documents are packed, null where whole documents are written
 * @param passing records in the topics that are skipped
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
     * Limits that close a transaction; the first one reached counts.
     *
     * @param records records decided
     * @param bytes bytes of documents
     * @param millis age
     */
    record Batch(int records, long bytes, int millis) {}

    private static final String SEED = "ingest.split.seed";
    private static final String HELD_OUT_SHARE = "ingest.split.held.out.share";
    private static final String REFERENCE_SHARE = "ingest.split.reference.share";
    private static final String WINDOW = "ingest.duplicates.window";
    private static final String MIN_CHARACTERS = "ingest.min.characters";
    private static final String MAX_CHARACTERS = "ingest.max.characters";
    private static final String NOT_TEXT_SHARE = "ingest.not.text.share";
    private static final String DOMAIN = "ingest.domain";
    private static final String BATCH_RECORDS = "ingest.batch.records";
    private static final String BATCH_BYTES = "ingest.batch.bytes";
    private static final String BATCH_MILLIS = "ingest.batch.ms";

    static ConfigDef definition() {
        ConfigDef definition = new ConfigDef();
        definition.define(SEED, LONG, 17L, HIGH, "Seed of the split of documents.");
        definition.define(HELD_OUT_SHARE, DOUBLE, 0.05, between(0, 1), HIGH, "Share kept for evaluation.");
        definition.define(REFERENCE_SHARE, DOUBLE, 0.20, between(0, 1), HIGH, "Share that trains the reference model.");
        definition.define(BATCH_RECORDS, INT, 5_000, atLeast(1), LOW, "Most records in one transaction.");
        definition.define(
                BATCH_BYTES, LONG, 16L << 20, atLeast(1), LOW, "Bytes of documents at which a transaction is closed.");
        definition.define(BATCH_MILLIS, INT, 1_000, between(1, 30_000), LOW, "Age at which a transaction is closed.");
        defineRules(definition);
        SequenceSettings.define(definition);
        ReadingSettings.define(definition);
        return definition;
    }

    private static void defineRules(ConfigDef definition) {
        definition.define(
                WINDOW, INT, 1_000_000, between(0, 1 << 28), HIGH, "Last ids searched for duplicates; 0 admits them.");
        definition.define(MIN_CHARACTERS, INT, 1, atLeast(1), MEDIUM, "Fewest characters of a document.");
        definition.define(
                MAX_CHARACTERS, INT, 0, atLeast(0), MEDIUM, "Most characters; 0 for no limit but document.max.bytes.");
        definition.define(
                NOT_TEXT_SHARE, DOUBLE, 0.1, between(0, 1), LOW, "Largest share of control or replacement characters.");
        definition.define(
                DOMAIN,
                STRING,
                "unknown",
                new NonEmptyString(),
                MEDIUM,
                "Domain of documents whose source names none.");
    }

    /**
     * Returns the settings.
     *
     * @param seed seed of the split from the command line, or null
     * @param packing options of the command line about sequences
     * @throws ConfigurationException if a value is invalid
     */
    static IngestSettings of(Settings settings, @Nullable Long seed, SequenceOptions packing) {
        return new IngestSettings(
                new Topics(settings.topicPrefix(), settings.topicPartitions(), settings.documentMaxBytes()),
                settings.kafka(),
                settings.topicReplication(),
                split(settings, seed),
                new Rules(
                        settings.integer(WINDOW),
                        settings.integer(MIN_CHARACTERS),
                        settings.integer(MAX_CHARACTERS),
                        settings.real(NOT_TEXT_SHARE),
                        settings.text(DOMAIN)),
                ReadingSettings.of(settings),
                new Batch(
                        settings.integer(BATCH_RECORDS),
                        settings.longInteger(BATCH_BYTES),
                        settings.integer(BATCH_MILLIS)),
                SequenceSettings.of(settings, packing),
                DeadLetterPositions.parse(settings.deadLetterPositions()),
                settings.outagePatience());
    }

    /** Returns what opens sources. */
    SourceOpener opener() {
        return new SourceOpener(reading.bounds(), reading.fields()).keeping(reading.pageParts());
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
