package org.bandpass.eval;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.errors.SerializationException;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.UnknownSchemaException;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Settings;
import org.jspecify.annotations.Nullable;

/**
 * Settings of eval.
 *
 * @param passable records with an unknown schema that become dead letters rather than a reason to stop
 */
record EvalSettings(
        Topics topics,
        Map<String, Object> kafka,
        short replication,
        Duration outagePatience,
        DeadLetterPositions passable,
        HeldOut heldOut,
        Cloze cloze,
        int batchTokens,
        int rowsPerRecord) {

    /** Bounds of the held-out text: UTF-8 bytes of all documents, of one, and windows in one; 0 for no bound. */
    record HeldOut(long bytes, int documentBytes, int maxWindows) {}

    /** Size of the cloze suite: UTF-16 units of a context, and questions of one domain at most. */
    record Cloze(int contextCharacters, int rowsPerDomain) {}

    static final String HELD_OUT_BYTES = "eval.held.out.bytes";
    static final String DOCUMENT_BYTES = "eval.held.out.document.bytes";
    static final String MAX_WINDOWS = "eval.held.out.max.windows";
    static final String CONTEXT_CHARACTERS = "eval.cloze.context.characters";
    static final String ROWS_PER_DOMAIN = "eval.cloze.rows.per.domain";
    static final String BATCH_TOKENS = "eval.batch.tokens";
    static final String ROWS_PER_RECORD = "eval.rows.per.record";

    private static final int MOST_CHARACTERS = 10_000;

    static ConfigDef definition() {
        return heldOut(new ConfigDef())
                .define(
                        CONTEXT_CHARACTERS,
                        Type.INT,
                        16,
                        Range.between(1, MOST_CHARACTERS),
                        Importance.MEDIUM,
                        "Characters in front of the three words of a cloze question. More help a larger model, and cost"
                                + " time.")
                .define(
                        ROWS_PER_DOMAIN,
                        Type.INT,
                        1_500,
                        Range.between(1, 1_000_000),
                        Importance.HIGH,
                        "Most cloze questions of one domain.")
                .define(
                        BATCH_TOKENS,
                        Type.INT,
                        4096,
                        Range.atLeast(1),
                        Importance.MEDIUM,
                        "Tokens that a device computes at once.")
                .define(
                        ROWS_PER_RECORD,
                        Type.INT,
                        500,
                        Range.between(1, 10_000),
                        Importance.LOW,
                        "Rows in one record of evaluations.");
    }

    private static ConfigDef heldOut(ConfigDef definition) {
        return definition
                .define(
                        HELD_OUT_BYTES,
                        Type.LONG,
                        1L << 20,
                        Range.atLeast(0),
                        Importance.HIGH,
                        "UTF-8 bytes of held-out text that a run is scored on: documents by id, which is a random order,"
                                + " until they reach this size; 0 takes all.")
                .define(
                        DOCUMENT_BYTES,
                        Type.INT,
                        32 << 10,
                        Range.atLeast(0),
                        Importance.MEDIUM,
                        "UTF-8 bytes of one held-out document that are scored, from its beginning; 0 takes all.")
                .define(
                        MAX_WINDOWS,
                        Type.INT,
                        0,
                        Range.atLeast(0),
                        Importance.MEDIUM,
                        "Windows of the model's context that are scored in one held-out document; 0 takes all. With a"
                                + " bound, models of different contexts or tokenizers see different text; prefer "
                                + DOCUMENT_BYTES + ".");
    }

    /** Returns the Kafka settings with a default of this program. */
    Map<String, Object> kafka(String key, Object value) {
        Map<String, Object> client = new LinkedHashMap<>(kafka);
        client.putIfAbsent(key, value);
        return client;
    }

    /** Stops the program at a record with an unknown schema, unless the user lets it become a dead letter. */
    void requirePassable(ConsumerRecord<?, ?> record, SerializationException why) {
        if (why instanceof UnknownSchemaException unknown
                && !passable.contains(record.topic(), record.partition(), record.offset())) {
            throw new ProgramFailure(unknown.at(record.topic(), record.partition(), record.offset()), unknown);
        }
    }

    /** Returns the settings; an argument that is not null wins over its key. */
    static EvalSettings of(Settings settings, @Nullable Integer rowsPerDomain, @Nullable Integer maxWindows) {
        return new EvalSettings(
                new Topics(settings.topicPrefix(), settings.topicPartitions(), settings.documentMaxBytes()),
                settings.kafka(),
                settings.topicReplication(),
                settings.outagePatience(),
                DeadLetterPositions.parse(settings.deadLetterPositions()),
                new HeldOut(
                        settings.longInteger(HELD_OUT_BYTES),
                        settings.integer(DOCUMENT_BYTES),
                        maxWindows == null ? settings.integer(MAX_WINDOWS) : maxWindows),
                new Cloze(
                        settings.integer(CONTEXT_CHARACTERS),
                        rowsPerDomain == null ? settings.integer(ROWS_PER_DOMAIN) : rowsPerDomain),
                settings.integer(BATCH_TOKENS),
                settings.integer(ROWS_PER_RECORD));
    }
}
