package org.bandpass.scorer;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.Topics;
import org.bandpass.service.Settings;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the scorer.
 *
 * @param replication replicas of new topics
 * @param batchTokens positions that a device computes at once
 * @param maxWindows windows of the model's context that are scored in one document, 0 for all
 * @param outagePatience how long a job waits for a cluster that does not answer
 */
record ScorerSettings(
        Topics topics,
        Map<String, Object> kafka,
        short replication,
        Flight.Limits flight,
        int batchTokens,
        int maxWindows,
        int tokenizerThreads,
        DeadLetterPositions deadLetterPositions,
        Duration outagePatience) {

    static final String FLIGHT_TOKENS = "scorer.flight.max.tokens";
    static final String FLIGHT_BYTES = "scorer.flight.max.bytes";
    static final String FLIGHT_LINGER = "scorer.flight.linger.ms";
    static final String BATCH_TOKENS = "scorer.batch.max.tokens";
    static final String MAX_WINDOWS = "scorer.max.windows";
    static final String TOKENIZER_THREADS = "scorer.tokenizer.threads";

    static ConfigDef definition() {
        ConfigDef definition = new ConfigDef();
        defineFlight(definition);
        return definition
                .define(
                        BATCH_TOKENS,
                        Type.INT,
                        4096,
                        Range.atLeast(1),
                        Importance.HIGH,
                        "Positions that a device computes at once, padding included; halved if the device runs out of"
                                + " memory.")
                .define(
                        MAX_WINDOWS,
                        Type.INT,
                        0,
                        Range.atLeast(0),
                        Importance.MEDIUM,
                        "Windows of the model's context that are scored in one document; 0 scores all.")
                .define(
                        TOKENIZER_THREADS,
                        Type.INT,
                        2,
                        Range.between(1, 256),
                        Importance.LOW,
                        "Threads that tokenise while devices score.");
    }

    private static void defineFlight(ConfigDef definition) {
        definition
                .define(
                        FLIGHT_TOKENS,
                        Type.INT,
                        131_072,
                        Range.atLeast(1),
                        Importance.HIGH,
                        "A flight is scored and written at once. It is closed when it has this many tokens. A large value"
                                + " wastes less on padding, a small one gives scores earlier.")
                .define(
                        FLIGHT_BYTES,
                        Type.INT,
                        4 << 20,
                        Range.between(1, 512 << 20),
                        Importance.MEDIUM,
                        "A flight is closed when its records have this many bytes; each partition holds about twice as"
                                + " many in memory at most.")
                .define(
                        FLIGHT_LINGER,
                        Type.INT,
                        200,
                        Range.atLeast(0),
                        Importance.MEDIUM,
                        "A flight at the end of its partition is closed when no document has arrived for this long.");
    }

    /**
     * Returns the settings.
     *
     * @param maxWindows of the command line, or null
     */
    static ScorerSettings of(Settings settings, @Nullable Integer maxWindows) {
        return new ScorerSettings(
                new Topics(settings.topicPrefix(), settings.topicPartitions(), settings.documentMaxBytes()),
                settings.kafka(),
                settings.topicReplication(),
                new Flight.Limits(
                        settings.integer(FLIGHT_TOKENS),
                        settings.integer(FLIGHT_BYTES),
                        Duration.ofMillis(settings.integer(FLIGHT_LINGER))),
                settings.integer(BATCH_TOKENS),
                maxWindows == null ? settings.integer(MAX_WINDOWS) : maxWindows,
                settings.integer(TOKENIZER_THREADS),
                DeadLetterPositions.parse(settings.deadLetterPositions()),
                settings.outagePatience());
    }
}
