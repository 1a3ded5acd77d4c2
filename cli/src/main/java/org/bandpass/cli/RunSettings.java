package org.bandpass.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigDef;
import org.bandpass.schemas.Topics;
import org.bandpass.selector.CalibrateCommand;
import org.bandpass.service.ClusterOptions;
import org.bandpass.service.Settings;

/**
 * The settings of a run and its stages. Leaves out settings of Kafka's clients, which are meant for another cluster than the
 * embedded broker, but keeps those of a schema registry.
 */
record RunSettings(Map<String, String> environment, Settings settings, Set<String> leftOut) {

    private static final String KAFKA = "BANDPASS_KAFKA_";
    private static final List<String> REGISTRY = List.of(KAFKA + "SCHEMA_REGISTRY_URL", KAFKA + "BASIC_AUTH_USER_INFO");

    static RunSettings of(Map<String, String> given) {
        // Refuses misspelled variables before any is left out.
        parse(given);
        Map<String, String> environment = new TreeMap<>(given);
        environment.keySet().removeIf(name -> name.startsWith(KAFKA) && !REGISTRY.contains(name));
        Set<String> leftOut = new TreeSet<>(given.keySet());
        leftOut.removeAll(environment.keySet());
        return new RunSettings(environment, parse(environment), leftOut);
    }

    private static Settings parse(Map<String, String> environment) {
        ClusterOptions options = new ClusterOptions();
        options.environment(environment);
        options.know(ConfigCommand.keys(), CalibrateCommand.streamsKeys());
        return options.settings(new ConfigDef());
    }

    Topics topics() {
        return new Topics(settings.topicPrefix(), settings.topicPartitions(), settings.documentMaxBytes());
    }

    Map<String, Object> client(String bootstrapServers) {
        Map<String, Object> client = new LinkedHashMap<>(settings.kafka());
        client.put("bootstrap.servers", bootstrapServers);
        return client;
    }
}
