package org.bandpass.service;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every program takes which talks to Kafka; mixed into its command. */
public final class ProgramOptions {

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            defaultValue = "localhost:9092",
            description = "Kafka brokers (default: ${DEFAULT-VALUE}).")
    private String bootstrapServers = "localhost:9092";

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Properties file with settings; see 'bandpass config'.")
    private @Nullable Path configFile;

    @Option(
            names = {"-s", "--set"},
            paramLabel = "KEY=VALUE",
            description = "One setting; wins over the file. 'kafka.' passes a setting to every Kafka client.")
    private Map<String, String> assignments = new LinkedHashMap<>();

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description = "Serve /metrics (Prometheus) and /health on this port of loopback; 0 takes a free one.")
    private @Nullable Integer metricsPort;

    @Option(names = "--wait-for-topics", description = "Wait until the topics that are read exist, rather than fail.")
    private boolean waitForTopics;

    /**
     * Returns the effective settings: defaults, under the environment (BANDPASS_…), under the file, under --set.
     *
     * @param program the program's own settings
     * @throws ConfigurationException if a key is unknown or a value cannot be
     */
    public Settings settings(ConfigDef program) {
        return Settings.parse(program, bootstrapServers, System.getenv(), fromFile(), assignments);
    }

    /** Returns the brokers as given. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Returns whether to wait for topics that are read and do not exist. */
    public boolean waitForTopics() {
        return waitForTopics;
    }

    /** Starts telemetry; without --metrics-port nothing listens. */
    public Telemetry telemetry(String program) {
        return Telemetry.start(program, metricsPort);
    }

    private Map<String, String> fromFile() {
        if (configFile == null) {
            return Map.of();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(configFile)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException("cannot read the settings in " + configFile + ": " + e.getMessage(), e);
        }
        Map<String, String> values = new LinkedHashMap<>();
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        return values;
    }
}
