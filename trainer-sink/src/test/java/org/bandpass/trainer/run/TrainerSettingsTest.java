package org.bandpass.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bandpass.service.ConfigurationException;
import org.bandpass.service.ProgramOptions;
import org.bandpass.trainer.TrainCommand;
import org.bandpass.trainer.data.Shuffle;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Each key, its default and its field. */
public class TrainerSettingsTest {

    @Test
    void hasTheseKeysAndDefaults() {
        Map<String, Object> defaults = new TreeMap<>();
        TrainCommand.settings().configKeys().values().forEach(key -> defaults.put(key.name, key.defaultValue));

        assertThat(defaults)
                .containsExactly(
                        Map.entry("trainer.checkpoint.interval.ms", 300_000L),
                        Map.entry("trainer.checkpoints.kept", 1),
                        Map.entry("trainer.passes.max", 0),
                        Map.entry("trainer.progress.interval.ms", 3_000L),
                        Map.entry("trainer.scored.topic", ""),
                        Map.entry("trainer.shuffle.block.records", 64),
                        Map.entry("trainer.shuffle.buffer.bytes", 67_108_864L),
                        Map.entry("trainer.shuffle.buffer.records", 16_384));
        assertThat(parse().scoredTopic().name()).isEqualTo("bandpass.scored-documents");
    }

    @Test
    void takesEachKey() {
        TrainerSettings settings = parse(
                "trainer.checkpoint.interval.ms=1",
                "trainer.checkpoints.kept=0",
                "trainer.passes.max=2",
                "trainer.progress.interval.ms=3",
                "trainer.scored.topic=other",
                "trainer.shuffle.block.records=4",
                "trainer.shuffle.buffer.bytes=5",
                "trainer.shuffle.buffer.records=6",
                "topic.prefix=x.",
                "kafka.client.id=me");

        assertThat(settings.checkpointInterval()).isEqualTo(Duration.ofMillis(1));
        assertThat(settings.checkpointsKept()).isZero();
        assertThat(settings.maxPasses()).isEqualTo(2);
        assertThat(settings.progressInterval()).isEqualTo(Duration.ofMillis(3));
        assertThat(settings.scoredTopic().name()).isEqualTo("other");
        assertThat(settings.shuffle()).isEqualTo(new Shuffle(4, 6, 5));
        assertThat(settings.topics().documents().name()).isEqualTo("x.documents");
        assertThat(settings.reader()).containsEntry("client.id", "me");
    }

    @Test
    void refusesInvalidValues() {
        for (String wrong : List.of(
                "trainer.passes.max=-1",
                "trainer.shuffle.block.records=0",
                "trainer.shuffle.buffer.records=many",
                "trainer.shuffle.buffer.bytes=0",
                "trainer.unknown=1")) {
            assertThatThrownBy(() -> parse(wrong))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(wrong.substring(0, wrong.indexOf('=')));
        }
    }

    public static TrainerSettings parse(String... assignments) {
        ProgramOptions options = new ProgramOptions();
        List<String> arguments = new ArrayList<>();
        for (String assignment : assignments) {
            arguments.addAll(List.of("--set", assignment));
        }
        CommandLine.populateCommand(options, arguments.toArray(new String[0]));
        return TrainerSettings.of(options.settings(TrainCommand.settings()));
    }
}
