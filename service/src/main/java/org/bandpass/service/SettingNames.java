package org.bandpass.service;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
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

/**
 * Recognises misspelled settings and variables, and protects those settings of Kafka's clients with which Bandpass would
 * lose or duplicate documents.
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

    /** Streams addresses one of its clients by such a prefix. */
    private static final Pattern CLIENT =
            Pattern.compile("^(main\\.consumer|restore\\.consumer|global\\.consumer|consumer|producer|admin)\\.");

    /** Streams passes settings with this prefix to the topics that it creates. */
    private static final String TOPIC = "topic.";

    /** Kafka keys that Bandpass itself reads. */
    private static final Set<String> REGISTRY = Set.of(Settings.SCHEMA_REGISTRY_URL, "basic.auth.user.info");

    private static final Set<String> BYTES = Set.of(
            "org.apache.kafka.common.serialization.bytearrayserializer",
            "org.apache.kafka.common.serialization.bytearraydeserializer");

    /**
     * A Kafka setting that only Bandpass sets.
     *
     * @param reason why no other value works
     * @param values the allowed spellings of Bandpass's value, in lower case; empty if each program makes its own
     */
    private record Owned(String reason, Set<String> values) {}

    private static final String NAMES = "each program makes its own from topic.prefix";
    private static final String ONCE = "Bandpass writes each document exactly once, which needs it";
    private static final String BYTES_ONLY = "Bandpass itself turns records into bytes";
    private static final String HANDLER = "Bandpass decides which records become dead letters";

    private static final Map<String, Owned> OWNED = new HashMap<>();

    static {
        own(NAMES, Set.of(), "transactional.id", "group.id", "application.id");
        own("records of aborted transactions must not be read", Set.of("read_committed"), "isolation.level");
        own("a program commits its position together with its output", Set.of("false"), "enable.auto.commit");
        own(ONCE, Set.of("all", "-1"), "acks");
        own(ONCE, Set.of("true"), "enable.idempotence");
        own(ONCE, Set.of("exactly_once_v2"), "processing.guarantee");
        own("a position that no longer exists must not be moved silently", Set.of("none"), "auto.offset.reset");
        own("such topics lose their records after the broker's retention", Set.of("false"), "allow.auto.create.topics");
        own(BYTES_ONLY, BYTES, "key.serializer", "value.serializer", "key.deserializer", "value.deserializer");
        own(BYTES_ONLY, Set.of(), "default.key.serde", "default.value.serde");
        own(HANDLER, Set.of(), "deserialization.exception.handler", "default.deserialization.exception.handler");
        own(HANDLER, Set.of(), "production.exception.handler", "default.production.exception.handler");
        own(HANDLER, Set.of(), "processing.exception.handler", "errors.dead.letter.queue.topic.name");
        own(HANDLER, Set.of("true"), "processing.exception.handler.global.enabled");
        own("--state-dir names the folder", Set.of(), "state.dir");
    }

    private static void own(String reason, Set<String> values, String... keys) {
        for (String key : keys) {
            OWNED.put(key, new Owned(reason, values));
        }
    }

    private static final Set<String> CLIENTS = Stream.of(
                    ConsumerConfig.configNames(), ProducerConfig.configNames(), AdminClientConfig.configNames())
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());

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

    /** Returns a Kafka key without the prefix of one of Streams' clients. */
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

    /** Returns the Kafka key that is spelled most like another. */
    String nearestKafka(String key) {
        return nearest(
                key,
                Stream.of(CLIENTS, moreKafka, REGISTRY)
                        .flatMap(Collection::stream)
                        .toList());
    }

    /** Returns the name that is spelled most like another, or that name if there are none. */
    static String nearest(String name, Collection<String> names) {
        return names.stream()
                .min(Comparator.comparingInt((String other) -> distance(name, other))
                        .thenComparing(Comparator.naturalOrder()))
                .orElse(name);
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
     * Requires that users may choose a Kafka setting, or that it has Bandpass's value.
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
