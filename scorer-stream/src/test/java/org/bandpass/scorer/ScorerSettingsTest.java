package org.bandpass.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bandpass.service.ConfigurationException;
import org.bandpass.service.ProgramOptions;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Pins each key with its default, and that it reaches its field. */
class ScorerSettingsTest {

    @Test
    void hasTheseKeysAndDefaults() {
        Map<String, Object> defaults = new TreeMap<>();
        ScoreCommand.settings().configKeys().values().forEach(key -> defaults.put(key.name, key.defaultValue));

        assertThat(defaults)
                .containsExactly(
                        Map.entry("scorer.batch.max.tokens", 4096),
                        Map.entry("scorer.flight.linger.ms", 200),
                        Map.entry("scorer.flight.max.bytes", 4194304),
                        Map.entry("scorer.flight.max.tokens", 131072),
                        Map.entry("scorer.max.windows", 0),
                        Map.entry("scorer.tokenizer.threads", 2));
        assertThat(parse().flight()).isEqualTo(new Flight.Limits(131_072, 4 << 20, Duration.ofMillis(200)));
    }

    @Test
    void takesEachKey() {
        ScorerSettings settings = parse(
                "scorer.batch.max.tokens=1",
                "scorer.flight.linger.ms=2",
                "scorer.flight.max.bytes=3",
                "scorer.flight.max.tokens=4",
                "scorer.max.windows=5",
                "scorer.tokenizer.threads=6",
                "topic.prefix=x.",
                "dead.letter.positions=x.documents-1@7",
                "outage.patience.ms=1234",
                "kafka.client.id=me");

        assertThat(settings.batchTokens()).isEqualTo(1);
        assertThat(settings.flight()).isEqualTo(new Flight.Limits(4, 3, Duration.ofMillis(2)));
        assertThat(settings.maxWindows()).isEqualTo(5);
        assertThat(settings.tokenizerThreads()).isEqualTo(6);
        assertThat(settings.deadLetterPositions().contains("x.documents", 1, 7)).isTrue();
        assertThat(settings.outagePatience()).isEqualTo(Duration.ofMillis(1_234));
        assertThat(settings.topics().scoredDocuments().name()).isEqualTo("x.scored-documents");
        assertThat(settings.kafka()).containsEntry("client.id", "me");
    }

    @Test
    void refusesInvalidValues() {
        for (String wrong : List.of(
                "scorer.batch.max.tokens=0",
                "scorer.flight.linger.ms=-1",
                "scorer.flight.max.bytes=0",
                "scorer.flight.max.tokens=many",
                "scorer.max.windows=-1",
                "scorer.tokenizer.threads=0",
                "scorer.unknown=1")) {
            assertThatThrownBy(() -> parse(wrong))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(wrong.substring(0, wrong.indexOf('=')));
        }
    }

    @Test
    void letsTheCommandLineWin() {
        assertThat(ScorerSettings.of(options("scorer.max.windows=7").settings(ScorerSettings.definition()), 0)
                        .maxWindows())
                .isZero();
    }

    static ScorerSettings parse(String... assignments) {
        return ScorerSettings.of(options(assignments).settings(ScorerSettings.definition()), null);
    }

    private static ProgramOptions options(String... assignments) {
        ProgramOptions options = new ProgramOptions();
        List<String> arguments = new ArrayList<>();
        for (String assignment : assignments) {
            arguments.addAll(List.of("--set", assignment));
        }
        CommandLine.populateCommand(options, arguments.toArray(new String[0]));
        return options;
    }
}
