package org.bandpass.service;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static final ConfigDef PROGRAM = new ConfigDef()
            .define("scorer.flight.max.tokens", Type.INT, 100, ConfigDef.Range.atLeast(1), Importance.LOW, "A budget.");

    private static final SettingNames OTHERS =
            new SettingNames(Set.of("trainer.other", "console.max.records"), Set.of("num.standby.replicas"));

    private final List<String> warnings = new ArrayList<>();

    private Settings parse(Map<String, String> environment, Map<String, String> file, Map<String, String> set) {
        return Settings.parse(PROGRAM, OTHERS, environment, file, set, warnings::add);
    }

    @Test
    void hasTheseCommonDefaults() {
        Settings settings = parse(Map.of(), Map.of(), Map.of());

        assertThat(settings.effective())
                .isEqualTo(Map.of(
                        "topic.prefix", "bandpass.",
                        "topic.partitions", "6",
                        "topic.replication", "-1",
                        "document.max.bytes", "8388608",
                        "schema.registry.url", "",
                        "dead.letter.positions", "",
                        "outage.patience.ms", "600000",
                        "scorer.flight.max.tokens", "100"));
        assertThat(settings.kafka()).isEqualTo(Map.of("bootstrap.servers", "localhost:9092"));
    }

    @Test
    void letsTheFileWinOverTheEnvironmentAndTheCommandLineOverBoth() {
        Map<String, String> environment =
                Map.of("BANDPASS_SCORER_FLIGHT_MAX_TOKENS", "1", "BANDPASS_TOPIC_PREFIX", "env.", "PATH", "/bin");
        Map<String, String> file = Map.of("scorer.flight.max.tokens", "2", "topic.partitions", "12");

        Settings settings = parse(environment, file, Map.of("scorer.flight.max.tokens", "3"));

        assertThat(settings.integer("scorer.flight.max.tokens")).isEqualTo(3);
        assertThat(settings.topicPartitions()).isEqualTo(12);
        assertThat(settings.topicPrefix()).isEqualTo("env.");
    }

    @Test
    void passesKafkaSettingsThrough() {
        Settings settings =
                parse(Map.of("BANDPASS_KAFKA_SECURITY_PROTOCOL", "SSL"), Map.of(), Map.of("kafka.client.id", "mine"));

        assertThat(settings.kafka()).containsEntry("security.protocol", "SSL").containsEntry("client.id", "mine");
        assertThat(settings.effective()).doesNotContainKey("client.id");
    }

    @Test
    void refusesUnknownKeys() {
        assertThatThrownBy(() -> parse(Map.of(), Map.of(), Map.of("scorer.flight.max.token", "3")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'scorer.flight.max.token'")
                .hasMessageContaining("scorer.flight.max.tokens");
        assertThatThrownBy(() -> parse(Map.of(), Map.of("topik.prefix", "x"), Map.of()))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void prefersTheBrokersOfTheCommandLineThenOfTheFileThenOfTheEnvironment() {
        String key = "kafka.bootstrap.servers";
        Map<String, String> environment = Map.of("BANDPASS_KAFKA_BOOTSTRAP_SERVERS", "env:1");

        assertThat(parse(environment, Map.of(), Map.of()).kafka()).containsEntry("bootstrap.servers", "env:1");
        assertThat(parse(environment, Map.of(key, "file:1"), Map.of()).kafka())
                .containsEntry("bootstrap.servers", "file:1");
        assertThat(parse(environment, Map.of(key, "file:1"), Map.of(key, "set:1"))
                        .kafka())
                .containsEntry("bootstrap.servers", "set:1");
    }

    @Test
    void letsSeveralProgramsShareAFileAndTheEnvironment() {
        Map<String, String> variable = Map.of("BANDPASS_TRAINER_OTHER", "1");
        assertThat(parse(variable, Map.of("trainer.other", "1"), Map.of()).topicPartitions())
                .isEqualTo(6);
        assertThatThrownBy(() -> parse(Map.of(), Map.of(), Map.of("trainer.other", "1")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("another program's");
    }

    @ParameterizedTest
    @CsvSource({
        "scorer.flight.max.token, scorer.flight.max.tokens",
        "trainer.othr, trainer.other",
        "topic.partition, topic.partitions",
        "console.max.record, console.max.records"
    })
    void refusesAMisspelledKeyAndNamesTheNearest(String key, String nearest) {
        assertThatThrownBy(() -> parse(Map.of(), Map.of(key, "1"), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'" + key + "'")
                .hasMessageContaining("'" + nearest + "'");
        assertThatThrownBy(() -> parse(Map.of(SettingNames.variable(key), "1"), Map.of(), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(SettingNames.variable(key) + " ")
                .hasMessageContaining(SettingNames.variable(nearest) + " ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BANDPASS_JAVA_OPTIONS",
                "BANDPASS_REVISION",
                "BANDPASS_INPUT",
                "BANDPASS_SERVICE_HOST",
                "BANDPASS_PORT",
                "BANDPASS_SCORER_SERVICE_HOST",
                "BANDPASS_SCORER_SERVICE_PORT",
                "BANDPASS_SCORER_SERVICE_PORT_METRICS",
                "BANDPASS_SCORER_PORT",
                "BANDPASS_KAFKA_PORT",
                "BANDPASS_KAFKA_PORT_9092_TCP",
                "BANDPASS_KAFKA_PORT_9092_TCP_ADDR",
                "BANDPASS_KAFKA_SERVICE_HOST"
            })
    void ignoresVariablesOfTheLauncherAndOfKubernetes(String variable) {
        Settings settings = parse(Map.of(variable, "tcp://10.0.0.1:9092"), Map.of(), Map.of());

        assertThat(settings.kafka()).isEqualTo(Map.of("bootstrap.servers", "localhost:9092"));
        assertThat(warnings).isEmpty();
    }

    @Test
    void warnsOnceAboutAKeyThatNoKafkaClientDefines() {
        parse(
                Map.of("BANDPASS_KAFKA_SECURITY_PROTOCL", "SSL"),
                Map.of("kafka.security.protocl", "SSL", "kafka.num.standby.replicas", "1"),
                Map.of(
                        "kafka.main.consumer.max.poll.records", "7",
                        "kafka.topic.cleanup.policy", "delete",
                        "kafka.basic.auth.user.info", "me:secret"));

        assertThat(warnings).singleElement(as(STRING)).contains("'security.protocl'", "'security.protocol'");
    }

    @ParameterizedTest
    @CsvSource({
        "transactional.id, mine, mine",
        "group.id, mine, mine",
        "application.id, mine, mine",
        "isolation.level, read_uncommitted, read_committed",
        "enable.auto.commit, true, false",
        "acks, 1, all",
        "enable.idempotence, false, true",
        "processing.guarantee, at_least_once, exactly_once_v2",
        "auto.offset.reset, earliest, none",
        "main.consumer.auto.offset.reset, latest, none",
        "restore.consumer.isolation.level, read_uncommitted, read_committed",
        "consumer.enable.auto.commit, TRUE, FALSE",
        "producer.acks, 0, -1",
        "value.serializer, a.Other, org.apache.kafka.common.serialization.ByteArraySerializer",
        "processing.exception.handler, a.Other, a.Other"
    })
    void refusesAnotherValueThanOurs(String key, String other, String ours) {
        assertThatThrownBy(() -> parse(Map.of(), Map.of("kafka." + key, other), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("kafka." + key);
        assertThatThrownBy(() -> parse(Map.of(SettingNames.variable("kafka." + key), other), Map.of(), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("kafka." + key);
        if (!other.equals(ours)) {
            assertThat(parse(Map.of(), Map.of(), Map.of("kafka." + key, ours)).kafka())
                    .containsEntry(key, ours);
        }
    }

    @Test
    void refusesAnInvalidValue() {
        assertThatThrownBy(() -> parse(Map.of(), Map.of(), Map.of("scorer.flight.max.tokens", "0")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("scorer.flight.max.tokens")
                .hasMessageContaining("0");
        assertThatThrownBy(() -> parse(Map.of(), Map.of(), Map.of("topic.partitions", "many")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("many");
    }

    @Test
    void passesTheAddressOfARegistryToTheClientsAndNeverPrintsAPassword() {
        assertThat(parse(Map.of(), Map.of(), Map.of("schema.registry.url", "http://registry:8081/apis/ccompat/v7"))
                        .kafka())
                .containsEntry("schema.registry.url", "http://registry:8081/apis/ccompat/v7");
        for (String key : new String[] {"schema.registry.url", "kafka.schema.registry.url"}) {
            assertThatThrownBy(() -> parse(Map.of(), Map.of(), Map.of(key, "https://me:secret@registry")))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("schema.registry.url")
                    .hasMessageNotContaining("secret");
        }
        assertThatThrownBy(() -> parse(Map.of(), Map.of(), Map.of("schema.registry.url", "registry:8081")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("http(s)://HOST");
    }
}
