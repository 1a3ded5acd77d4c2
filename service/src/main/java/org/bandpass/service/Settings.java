package org.bandpass.service;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/**
 * Parsed settings of one program: its own, the common ones, and what passes through to Kafka's clients.
 *
 * <p>Keys are Kafka style, {@code scorer.flight.max.tokens}. The environment spells them BANDPASS_SCORER_FLIGHT_MAX_TOKENS.
 * A key that no program knows is an error. A file and the environment may be shared, so keys of other programs pass there,
 * but not on the command line.
 */
public final class Settings {

    static final String SCHEMA_REGISTRY_URL = "schema.registry.url";

    private static final String TOPIC_PREFIX = "topic.prefix";
    private static final String TOPIC_PARTITIONS = "topic.partitions";
    private static final String TOPIC_REPLICATION = "topic.replication";
    private static final String DOCUMENT_MAX_BYTES = "document.max.bytes";
    private static final String DEAD_LETTER_POSITIONS = "dead.letter.positions";
    private static final String OUTAGE_PATIENCE_MS = "outage.patience.ms";

    private static final String KAFKA = "kafka.";
    private static final String POSITION = "\\s*[a-zA-Z0-9._-]+-\\d+@\\d+\\s*";
    static final String DEFAULT_SERVERS = "localhost:9092";

    private final AbstractConfig values;
    private final Map<String, Object> kafka;

    private Settings(AbstractConfig values, Map<String, Object> kafka) {
        this.values = values;
        this.kafka = kafka;
    }

    /** Returns the settings that all programs share. */
    public static ConfigDef common() {
        return topics().define(
                        DEAD_LETTER_POSITIONS,
                        Type.STRING,
                        "",
                        ConfigDef.LambdaValidator.with(
                                Settings::requirePositions, () -> "empty, or TOPIC-PARTITION@OFFSET,…"),
                        Importance.LOW,
                        "Records at which a program stops, and which may become dead letters instead: TOPIC-PARTITION@OFFSET,"
                                + " separated by commas, as the program's message names them.")
                .define(
                        OUTAGE_PATIENCE_MS,
                        Type.LONG,
                        600_000L,
                        Range.atLeast(1_000),
                        Importance.LOW,
                        "How long a job that ends by itself (--until-caught-up and the like) waits for a cluster that does not"
                                + " answer. Programs that run until they are stopped wait without limit.");
    }

    private static ConfigDef topics() {
        return new ConfigDef()
                .define(
                        TOPIC_PREFIX,
                        Type.STRING,
                        "bandpass.",
                        new ConfigDef.NonEmptyString(),
                        Importance.HIGH,
                        "What every topic, consumer group and transactional id begins with.")
                .define(
                        TOPIC_PARTITIONS,
                        Type.INT,
                        6,
                        Range.between(1, 100_000),
                        Importance.HIGH,
                        "Partitions of documents, scored documents and bands, which must never change.")
                .define(
                        TOPIC_REPLICATION,
                        Type.SHORT,
                        (short) -1,
                        Range.between(-1, Short.MAX_VALUE),
                        Importance.MEDIUM,
                        "Replicas of topics that are created; -1 takes the broker's default.")
                .define(
                        DOCUMENT_MAX_BYTES,
                        Type.INT,
                        8 << 20,
                        Range.between(1 << 10, 512 << 20),
                        Importance.MEDIUM,
                        "Largest document as a serialised, uncompressed record, in bytes; larger ones are refused at ingest.")
                .define(
                        SCHEMA_REGISTRY_URL,
                        Type.STRING,
                        "",
                        ConfigDef.LambdaValidator.with(
                                Settings::requireUrl, () -> "empty, or http(s)://HOST[:PORT][/PATH]"),
                        Importance.MEDIUM,
                        "Base URL of a schema registry: records are then in the Confluent format. User and password belong"
                                + " in kafka.basic.auth.user.info. Empty: Avro's single-object encoding, without a registry.");
    }

    private static void requirePositions(String key, Object value) {
        String positions = String.valueOf(value);
        if (!positions.isEmpty() && !positions.matches(POSITION + "(," + POSITION + ")*")) {
            throw new ConfigException(key, value, "expected TOPIC-PARTITION@OFFSET, separated by commas");
        }
    }

    /** Refuses a password: addresses are printed with the settings. */
    private static void requireUrl(String key, Object value) {
        String url = String.valueOf(value);
        if (!url.isEmpty() && !url.matches("https?://[^\\s/@?#]+(/[^\\s@?#]*)?")) {
            throw new ConfigException(key, url.replaceFirst("//.*@", "//…@"), "expected http(s)://HOST[:PORT][/PATH]");
        }
    }

    /**
     * Parses the settings of one program.
     *
     * @param program its own settings
     * @param known names that other programs know
     * @param environment variables of the process
     * @param file settings by key; they win over the environment
     * @param commandLine settings by key; they win over both
     * @param warn receives warnings
     */
    static Settings parse(
            ConfigDef program,
            SettingNames known,
            Map<String, String> environment,
            Map<String, String> file,
            Map<String, String> commandLine,
            Consumer<String> warn) {
        ConfigDef definition = new ConfigDef(program);
        common().configKeys().values().forEach(definition::define);
        Intake intake = new Intake(definition.names(), known);
        intake.kafka.put("bootstrap.servers", DEFAULT_SERVERS);
        environment.forEach(intake::variable);
        file.forEach((key, value) -> intake.key(key, value, true));
        commandLine.forEach((key, value) -> intake.key(key, value, false));
        intake.kafka.keySet().stream()
                .filter(key -> !known.isKafka(key))
                .forEach(key -> warn.accept("bandpass: warning: no client of Kafka has a setting '" + key + "' (kafka."
                        + key + "); the nearest is '" + known.nearestKafka(key) + "'"));
        try {
            return new Settings(new AbstractConfig(definition, intake.own, false), intake.kafka);
        } catch (ConfigException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
    }

    /** Separates the program's settings from Kafka's. */
    private static final class Intake {

        private final Map<String, Object> kafka = new LinkedHashMap<>();
        private final Map<String, Object> own = new TreeMap<>();
        private final Set<String> names;
        private final Set<String> all;
        private final SettingNames known;

        Intake(Set<String> names, SettingNames known) {
            this.names = names;
            this.known = known;
            this.all = known.with(names);
        }

        void variable(String name, String value) {
            if (!SettingNames.isOurs(name)) {
                return;
            }
            String key = SettingNames.key(name);
            boolean isKafka = key.startsWith(KAFKA);
            boolean isKnown = isKafka ? known.isKafka(key.substring(KAFKA.length())) : all.contains(key);
            if (!isKnown && SettingNames.isForOthers(name)) {
                return;
            }
            if (!isKnown && !isKafka) {
                String nearest = SettingNames.nearest(key, all);
                throw new ConfigurationException("the variable " + name + " of the environment names no setting; the"
                        + " nearest is " + SettingNames.variable(nearest) + " (" + nearest + ")");
            }
            key(key, value, true);
        }

        void key(String key, String value, boolean shared) {
            if (key.equals(KAFKA + SCHEMA_REGISTRY_URL)) {
                // Confluent's clients know it under this key.
                own.put(SCHEMA_REGISTRY_URL, value);
            } else if (key.startsWith(KAFKA)) {
                String client = key.substring(KAFKA.length());
                SettingNames.requireOurs(client, value);
                kafka.put(client, value);
            } else if (names.contains(key)) {
                own.put(key, value);
            } else if (!all.contains(key)) {
                throw new ConfigurationException("unknown setting '" + key + "'; the nearest is '"
                        + SettingNames.nearest(key, shared ? all : names) + "' ('bandpass config' lists all)");
            } else if (!shared) {
                throw new ConfigurationException("the setting '" + key + "' is another program's; this one knows "
                        + SettingNames.list(names) + " and kafka.* for its Kafka clients");
            }
        }
    }

    public int integer(String key) {
        return values.getInt(key);
    }

    public long longInteger(String key) {
        return values.getLong(key);
    }

    public double real(String key) {
        return values.getDouble(key);
    }

    public boolean flag(String key) {
        return values.getBoolean(key);
    }

    public String text(String key) {
        return values.getString(key);
    }

    public String topicPrefix() {
        return text(TOPIC_PREFIX);
    }

    public int topicPartitions() {
        return integer(TOPIC_PARTITIONS);
    }

    public short topicReplication() {
        return values.getShort(TOPIC_REPLICATION);
    }

    public int documentMaxBytes() {
        return integer(DOCUMENT_MAX_BYTES);
    }

    /** Returns the setting as it is written; DeadLetterPositions parses it. */
    public String deadLetterPositions() {
        return text(DEAD_LETTER_POSITIONS);
    }

    /** Returns how long a job waits for a cluster that does not answer. */
    public Duration outagePatience() {
        return Duration.ofMillis(longInteger(OUTAGE_PATIENCE_MS));
    }

    /** Returns a new map of the settings for Kafka clients, with bootstrap.servers and the registry's URL. */
    public Map<String, Object> kafka() {
        Map<String, Object> clients = new LinkedHashMap<>(kafka);
        if (!text(SCHEMA_REGISTRY_URL).isEmpty()) {
            clients.put(SCHEMA_REGISTRY_URL, text(SCHEMA_REGISTRY_URL));
        }
        return clients;
    }

    /** Returns the effective values by key, for provenance; Kafka's are left out because they may hold secrets. */
    public Map<String, String> effective() {
        Map<String, String> effective = new TreeMap<>();
        values.values().forEach((key, value) -> effective.put(key, String.valueOf(value)));
        return effective;
    }
}
