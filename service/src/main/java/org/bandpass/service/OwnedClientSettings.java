package org.bandpass.service;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Settings of Kafka's clients that are Bandpass's: with other values it would lose or double documents. */
final class OwnedClientSettings {

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

    private OwnedClientSettings() {}

    /**
     * Requires that a setting is the user's to choose, or has Bandpass's value.
     *
     * @param key the key without 'kafka.', perhaps with the prefix of one of Streams' clients
     * @throws ConfigurationException if it has another value
     */
    static void check(String key, String value) {
        Owned owned = OWNED.get(SettingNames.withoutClient(key));
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
