package org.bandpass.console;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.bandpass.schemas.Topics;
import org.bandpass.service.Settings;

/**
 * Settings of the console.
 *
 * @param topics names of the topics
 * @param kafka settings of the Kafka clients
 * @param maxRecords how many records of one topic are read at most to count a lag
 * @param timeout how long a broker may be silent
 */
record ConsoleSettings(Topics topics, Map<String, Object> kafka, long maxRecords, Duration timeout) {

    static final String MAX_RECORDS = "console.lag.max.records";
    private static final int MOST_RECORDS_A_POLL = 5_000;

    static final String TIMEOUT = "console.timeout.ms";

    static ConfigDef definition() {
        return new ConfigDef()
                .define(
                        MAX_RECORDS,
                        ConfigDef.Type.LONG,
                        1_000_000L,
                        Range.atLeast(1),
                        Importance.MEDIUM,
                        "How many records of one topic are read at most to count a lag; beyond, a lower bound is shown.")
                .define(
                        TIMEOUT,
                        ConfigDef.Type.INT,
                        10_000,
                        Range.between(100, 600_000),
                        Importance.MEDIUM,
                        "How long a broker may be silent before the console gives up.");
    }

    static ConsoleSettings of(Settings settings) {
        int timeout = settings.integer(TIMEOUT);
        Map<String, Object> kafka = new LinkedHashMap<>();
        kafka.put("default.api.timeout.ms", timeout);
        kafka.put("request.timeout.ms", timeout);
        kafka.putAll(settings.kafka());
        Topics topics = new Topics(settings.topicPrefix(), settings.topicPartitions(), settings.documentMaxBytes());
        return new ConsoleSettings(topics, kafka, settings.longInteger(MAX_RECORDS), Duration.ofMillis(timeout));
    }

    /** Returns the settings of the reader, which is never handed more records than it may count. */
    Map<String, Object> reader() {
        Map<String, Object> reader = new LinkedHashMap<>(kafka);
        reader.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, (int) Math.min(MOST_RECORDS_A_POLL, maxRecords));
        // The next topic's fetch waits for the one that lingers at the end of the topic before.
        reader.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
        return reader;
    }
}
