package org.bandpass.service;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/**
 * Tells names of settings from mistakes: keys, and the environment's variables.
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

    /** What Streams puts before a key to say which of its clients it is for. */
    private static final Pattern CLIENT =
            Pattern.compile("^(main\\.consumer|restore\\.consumer|global\\.consumer|consumer|producer|admin)\\.");

    /** How Streams passes settings to topics that it makes. */
    private static final String TOPIC = "topic.";

    /** What Bandpass itself reads among Kafka's keys. */
    private static final Set<String> REGISTRY = Set.of(Settings.SCHEMA_REGISTRY_URL, "basic.auth.user.info");

    private static final Set<String> CLIENTS = clients();

    private static Set<String> clients() {
        Set<String> keys = new HashSet<>(ConsumerConfig.configNames());
        keys.addAll(ProducerConfig.configNames());
        keys.addAll(AdminClientConfig.configNames());
        return Set.copyOf(keys);
    }

    /** Returns whether a variable of the environment is Bandpass's. */
    static boolean isOurs(String variable) {
        return variable.startsWith(ENVIRONMENT);
    }

    /** Returns whether a variable has Bandpass's beginning but is meant for others than its programs. */
    static boolean isForOthers(String variable) {
        return NO_SETTINGS.contains(variable) || KUBERNETES.matcher(variable).matches();
    }

    /** Returns how the environment spells a key. */
    static String variable(String key) {
        return ENVIRONMENT + key.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /** Returns the key that a variable spells, if it spelled one: underscores stand for dots. */
    static String key(String variable) {
        return variable.substring(ENVIRONMENT.length()).toLowerCase(Locale.ROOT).replace('_', '.');
    }

    /** Returns a key of Kafka's without the part that says which client it is for. */
    static String withoutClient(String key) {
        return CLIENT.matcher(key).replaceFirst("");
    }

    /** Returns whether some client of Kafka defines a key. */
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

    /** Returns how many letters are to be put in, left out or changed. */
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

    /** Returns the keys of one program and of all others. */
    Set<String> with(Set<String> own) {
        Set<String> all = new HashSet<>(settings);
        all.addAll(own);
        return all;
    }

    /** Returns names for people, in order. */
    static String list(Set<String> names) {
        return names.stream().sorted().collect(Collectors.joining(", "));
    }
}
