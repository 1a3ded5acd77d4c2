package org.bandpass.selector.runtime;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.bandpass.schemas.Clients;

/** Makes the configuration of a Kafka Streams application; what the user sets under {@code kafka.} wins. */
public final class StreamsSettings {

    /** StreamsConfig's constant is deprecated because later versions always handle these; in 4.3 the default is off. */
    private static final String HANDLER_FOR_GLOBAL_STORES = "processing.exception.handler.global.enabled";

    /** Exactly-once semantics and the group protocol set these; Streams warns when somebody else does. */
    private static final Set<String> STREAMS_OWN = Set.of(
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG);

    private StreamsSettings() {}

    /** Returns the configuration; {@code program}, as 'calibrator' or 'router.PLAN', makes the application id. */
    public static Properties of(String program, DeadLetters.Address deadLetters, Path stateFolder) {
        SelectorSettings settings = deadLetters.settings();
        Map<String, Object> config = new HashMap<>();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.topics().group(program));
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.commitIntervalMillis());
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toAbsolutePath().toString());
        config.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int)
                settings.settings().topicReplication());
        config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        config.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, settings.groupProtocol());
        config.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetters.class);
        config.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetters.class);
        config.put(HANDLER_FOR_GLOBAL_STORES, true);
        config.put(DeadLetters.ADDRESS, deadLetters);
        Clients.producerConfig(Map.of(), settings.topics())
                .forEach((key, value) -> config.put(StreamsConfig.producerPrefix(key), value));
        Clients.consumerConfig(Map.of(), settings.topics()).forEach((key, value) -> {
            if (!STREAMS_OWN.contains(key)) {
                config.put(StreamsConfig.consumerPrefix(key), value);
            }
        });
        if (settings.groupProtocol().equals("classic")) {
            // Detects a killed member within seconds. The other protocol sets these on the broker.
            config.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6000);
            config.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1000);
        }
        settings.client().forEach((key, value) -> {
            config.remove(StreamsConfig.producerPrefix(key));
            config.remove(StreamsConfig.consumerPrefix(key));
            config.put(key, value);
        });
        Properties properties = new Properties();
        properties.putAll(config);
        return properties;
    }
}
