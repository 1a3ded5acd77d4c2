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
 * @param maxRecords how many records of one topic are read at most to count a lag
 * @param timeout how long a broker may be silent
 */
record ConsoleSettings(Topics topics, Map<String, Object> kafka, long maxRecords, Duration timeout) {

    static final String MAX_RECORDS = "console.lag.max.records";
    static final String TIMEOUT = "console.timeout.ms";
    private static final int MOST_RECORDS_A_POLL = 5_000;

    static ConfigDef definition() {
        return new ConfigDef()
                .define(
                        MAX_RECORDS,
                        ConfigDef.Type.LONG,
                        1_000_000L,
                        Range.atLeast(1),
                        Importance.MEDIUM,
                        "How many records of one topic are read at most to count a lag. If there are more, a lower bound is shown.")
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

    /** Returns the settings of the reader; a poll returns no more records than may be counted. */
    Map<String, Object> reader() {
        Map<String, Object> reader = new LinkedHashMap<>(kafka);
        reader.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, (int) Math.min(MOST_RECORDS_A_POLL, maxRecords));
        // A fetch that waits at the end of one topic delays the fetch of the next.
        reader.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
        return reader;
    }
}
