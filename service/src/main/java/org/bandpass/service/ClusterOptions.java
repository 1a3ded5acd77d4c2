package org.bandpass.service;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command that talks to Kafka; a picocli mixin. */
public class ClusterOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    // No default here: an option that is not given must not win over the file.
    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description = "Kafka brokers (default: kafka.bootstrap.servers, else " + Settings.DEFAULT_SERVERS + ").")
    private @Nullable String bootstrapServers;

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

    private Map<String, String> environment = System.getenv();
    private SettingNames known = SettingNames.NONE;
    private @Nullable Map<String, Object> kafka;

    /** Replaces the variables of the process. */
    public final void environment(Map<String, String> variables) {
        environment = variables;
    }

    /**
     * Adds keys that are no misspellings: a file and the environment serve several programs.
     *
     * @param settings keys of all programs
     * @param kafka keys of Kafka clients other than consumers, producers and admin clients
     */
    public final void know(Set<String> settings, Set<String> kafka) {
        known = new SettingNames(settings, kafka);
    }

    /**
     * Returns the effective settings. The command line wins over the file, the file over the environment (BANDPASS_…),
     * the environment over the defaults.
     *
     * @param program the program's own settings
     * @throws ConfigurationException if a key is unknown, a value is invalid, or only Bandpass may set it
     */
    public final Settings settings(ConfigDef program) {
        Settings settings =
                Settings.parse(program, known, environment, fromFile(), fromCommandLine(), System.err::println);
        kafka = settings.kafka();
        return settings;
    }

    /** Returns the settings of Kafka clients, null before {@link #settings} is called. */
    final @Nullable Map<String, Object> kafka() {
        return kafka;
    }

    private Map<String, String> fromCommandLine() {
        Map<String, String> all = new LinkedHashMap<>(assignments);
        if (bootstrapServers != null) {
            String assigned = all.put("kafka.bootstrap.servers", bootstrapServers);
            if (assigned != null && !assigned.equals(bootstrapServers)) {
                throw new ParameterException(
                        command.commandLine(),
                        "--bootstrap-servers is " + bootstrapServers + " and --set kafka.bootstrap.servers is "
                                + assigned + ": give one of them");
            }
        }
        return all;
    }

    private Map<String, String> fromFile() {
        if (configFile == null) {
            return Map.of();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(configFile)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException("cannot read the settings in " + configFile + ": " + e, e);
        }
        Map<String, String> values = new LinkedHashMap<>();
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        return values;
    }
}
