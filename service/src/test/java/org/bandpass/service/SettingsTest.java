package org.bandpass.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.junit.jupiter.api.Test;

class SettingsTest {

    private static final ConfigDef PROGRAM = new ConfigDef()
            .define("scorer.flight.max.tokens", Type.INT, 100, ConfigDef.Range.atLeast(1), Importance.LOW, "A budget.");

    private static Settings parse(Map<String, String> environment, Map<String, String> file, Map<String, String> set) {
        return Settings.parse(PROGRAM, "broker:9092", environment, file, set);
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
        assertThat(settings.kafka()).isEqualTo(Map.of("bootstrap.servers", "broker:9092"));
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
    void refusesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> parse(Map.of(), Map.of(), Map.of("scorer.flight.max.token", "3")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'scorer.flight.max.token'")
                .hasMessageContaining("scorer.flight.max.tokens");
        assertThatThrownBy(() -> parse(Map.of(), Map.of("topik.prefix", "x"), Map.of()))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void letsAFileServeSeveralPrograms() {
        assertThat(parse(Map.of(), Map.of("trainer.other", "1"), Map.of()).topicPartitions())
                .isEqualTo(6);
        assertThatThrownBy(() -> parse(Map.of(), Map.of(), Map.of("trainer.other", "1")))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void refusesAValueThatCannotBe() {
        assertThatThrownBy(() -> parse(Map.of(), Map.of(), Map.of("scorer.flight.max.tokens", "0")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("scorer.flight.max.tokens")
                .hasMessageContaining("0");
        assertThatThrownBy(() -> parse(Map.of(), Map.of(), Map.of("topic.partitions", "many")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("many");
    }

    @Test
    void givesARegistrysAddressToTheClientsAndNeverPrintsAPassword() {
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
