package org.bandpass.service;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/**
 * Tells names of settings from mistakes (keys, and the environment's variables), and keeps for Bandpass those of Kafka's clients
 * with which it would lose or double documents.
 *
 * @param settings keys of all programs
 * @param moreKafka keys of Kafka clients other than consumers, producers and admin clients
 */
record SettingNames(Set<String> settings, Set<String> moreKafka) {

    static final SettingNames NONE = new SettingNames(Set.of(), Set.of());

    private static final String ENVIRONMENT = "BANDPASS_";

    /** Read by the launcher, the image, compose and the tests. */
    private static final Set<String> NO_SETTINGS =
            Set.of("BANDPASS_JAVA_OPTIONS", "BANDPASS_REVISION", "BANDPASS_INPUT", "BANDPASS_PYTHON");

    /** Kubernetes sets these in every pod for each Service of the namespace, for example one named bandpass-scorer. */
    private static final Pattern KUBERNETES =
            Pattern.compile("BANDPASS_(.*_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT|PORT_\\d+_(TCP|UDP|SCTP)(_[A-Z]+)?)");

    /** The prefixes by which Streams names one of its clients. */
    private static final Pattern CLIENT =
            Pattern.compile("^(main\\.consumer|restore\\.consumer|global\\.consumer|consumer|producer|admin)\\.");

    /** How Streams passes settings to topics that it makes. */
    private static final String TOPIC = "topic.";

    /** What Bandpass itself reads among Kafka's keys. */
    private static final Set<String> REGISTRY = Set.of(Settings.SCHEMA_REGISTRY_URL, "basic.auth.user.info");

    private static final Set<String> BYTES = Set.of(
            "org.apache.kafka.common.serialization.bytearrayserializer",
            "org.apache.kafka.common.serialization.bytearraydeserializer");

    /**
     * A setting of Bandpass's own.
     *
     * @param values Bandpass's value and other spellings of it, in lower case; none where it is made by each program
     * @param reason why no other value works
     */
    private record Owned(Set<String> values, String reason) {}

    private static final String NAMES = "each program makes its own from topic.prefix";
    private static final String ONCE = "Bandpass writes each document exactly once, which needs it";
    private static final String BYTES_ONLY = "Bandpass itself turns records into bytes";
    private static final String HANDLER = "Bandpass decides which records become dead letters";

    private static final Map<String, Owned> OWNED = Map.ofEntries(
            Map.entry("transactional.id", new Owned(Set.of(), NAMES)),
            Map.entry("group.id", new Owned(Set.of(), NAMES)),
            Map.entry("application.id", new Owned(Set.of(), NAMES)),
            Map.entry(
                    "isolation.level",
                    new Owned(Set.of("read_committed"), "records of aborted transactions must not be read")),
            Map.entry(
                    "enable.auto.commit",
                    new Owned(Set.of("false"), "a program commits its position together with what it wrote")),
            Map.entry("acks", new Owned(Set.of("all", "-1"), ONCE)),
            Map.entry("enable.idempotence", new Owned(Set.of("true"), ONCE)),
            Map.entry("processing.guarantee", new Owned(Set.of("exactly_once_v2"), ONCE)),
            Map.entry(
                    "auto.offset.reset",
                    new Owned(Set.of("none"), "a position that is gone must not move without a word")),
            Map.entry(
                    "allow.auto.create.topics",
                    new Owned(Set.of("false"), "such topics lose their records after the broker's retention")),
            Map.entry("key.serializer", new Owned(BYTES, BYTES_ONLY)),
            Map.entry("value.serializer", new Owned(BYTES, BYTES_ONLY)),
            Map.entry("key.deserializer", new Owned(BYTES, BYTES_ONLY)),
            Map.entry("value.deserializer", new Owned(BYTES, BYTES_ONLY)),
            Map.entry("default.key.serde", new Owned(Set.of(), BYTES_ONLY)),
            Map.entry("default.value.serde", new Owned(Set.of(), BYTES_ONLY)),
            Map.entry("deserialization.exception.handler", new Owned(Set.of(), HANDLER)),
            Map.entry("default.deserialization.exception.handler", new Owned(Set.of(), HANDLER)),
            Map.entry("processing.exception.handler", new Owned(Set.of(), HANDLER)),
            Map.entry("processing.exception.handler.global.enabled", new Owned(Set.of("true"), HANDLER)),
            Map.entry("production.exception.handler", new Owned(Set.of(), HANDLER)),
            Map.entry("default.production.exception.handler", new Owned(Set.of(), HANDLER)),
            Map.entry("errors.dead.letter.queue.topic.name", new Owned(Set.of(), HANDLER)),
            Map.entry("state.dir", new Owned(Set.of(), "--state-dir names the folder")));

    private static final Set<String> CLIENTS = clients();

    private static Set<String> clients() {
        Set<String> keys = new HashSet<>(ConsumerConfig.configNames());
        keys.addAll(ProducerConfig.configNames());
        keys.addAll(AdminClientConfig.configNames());
        return Set.copyOf(keys);
    }

    static boolean isOurs(String variable) {
        return variable.startsWith(ENVIRONMENT);
    }

    /** Returns whether a variable has Bandpass's prefix but is not for its programs. */
    static boolean isForOthers(String variable) {
        return NO_SETTINGS.contains(variable) || KUBERNETES.matcher(variable).matches();
    }

    static String variable(String key) {
        return ENVIRONMENT + key.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /** Returns the key that a variable would spell: underscores stand for dots. */
    static String key(String variable) {
        return variable.substring(ENVIRONMENT.length()).toLowerCase(Locale.ROOT).replace('_', '.');
    }

    /** Returns a key of Kafka's without the part that says which client it is for. */
    static String withoutClient(String key) {
        return CLIENT.matcher(key).replaceFirst("");
    }

    boolean isKafka(String key) {
        String plain = withoutClient(key);
        return CLIENTS.contains(plain)
                || moreKafka.contains(plain)
                || REGISTRY.contains(plain)
                || plain.startsWith(TOPIC);
    }

    /** Returns the key of Kafka's clients that is spelled most like another. */
    String nearestKafka(String key) {
        return nearest(
                key,
                Stream.of(CLIENTS, moreKafka, REGISTRY)
                        .flatMap(Collection::stream)
                        .toList());
    }

    /** Returns the name that is spelled most like another. */
    static String nearest(String name, Collection<String> names) {
        @Nullable
        String nearest = names.stream()
                .min(Comparator.comparingInt((String other) -> distance(name, other))
                        .thenComparing(Comparator.naturalOrder()))
                .orElse(null);
        return nearest == null ? name : nearest;
    }

    /** Returns the edit distance. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[row.length - 1];
    }

    Set<String> with(Set<String> own) {
        Set<String> all = new HashSet<>(settings);
        all.addAll(own);
        return all;
    }

    static String list(Set<String> names) {
        return names.stream().sorted().collect(Collectors.joining(", "));
    }

    /**
     * Requires that a setting is the user's to choose, or has Bandpass's value.
     *
     * @param key the key without 'kafka.', perhaps with the prefix of one of Streams' clients
     * @throws ConfigurationException if it has another value
     */
    static void requireOurs(String key, String value) {
        Owned owned = OWNED.get(withoutClient(key));
        if (owned == null || owned.values().contains(value.strip().toLowerCase(Locale.ROOT))) {
            return;
        }
        String ours = owned.values().isEmpty() || owned.values().equals(BYTES)
                ? ""
                : " is always " + owned.values().stream().max(String::compareTo).orElseThrow();
        throw new ConfigurationException("the setting kafka." + key + (ours.isEmpty() ? " cannot be set" : ours) + ": "
                + owned.reason() + "; remove it");
    }
}
