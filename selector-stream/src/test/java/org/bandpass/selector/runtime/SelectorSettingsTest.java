package org.bandpass.selector.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.bandpass.selector.score.Stratification;
import org.bandpass.service.ConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks each key, its default and its value. */
class SelectorSettingsTest {

    @Test
    void hasTheseKeysAndDefaults() {
        Map<String, Object> defaults = new TreeMap<>();
        SelectorSettings.definition().configKeys().values().forEach(key -> defaults.put(key.name, key.defaultValue));

        assertThat(defaults)
                .containsExactly(
                        Map.entry("calibrator.boundary.scores", 1000),
                        Map.entry("calibrator.cuts.keep", 50),
                        Map.entry("calibrator.growth.ratio", 0.05),
                        Map.entry("calibrator.half.life.documents", 0L),
                        Map.entry("calibrator.refresh.ms", 3_600_000L),
                        Map.entry("calibrator.settle.ms", 10_000L),
                        Map.entry("calibrator.strata", "domain,source,language"),
                        Map.entry("calibrator.strata.maximum", 256),
                        Map.entry("calibrator.stratum.minimum.scores", 1000L),
                        Map.entry("selector.commit.interval.ms", 200),
                        Map.entry("selector.group.protocol", "classic"),
                        Map.entry("selector.scored.topic", ""),
                        Map.entry("selector.threads", 1));
    }

    @Test
    void takesEachKey() {
        SelectorSettings settings = TestSettings.of(
                "calibrator.boundary.scores=2",
                "calibrator.cuts.keep=9",
                "calibrator.growth.ratio=0.5",
                "calibrator.refresh.ms=700",
                "calibrator.half.life.documents=60",
                "calibrator.settle.ms=500",
                "calibrator.strata=language, domain",
                "calibrator.strata.maximum=7",
                "calibrator.stratum.minimum.scores=8",
                "selector.commit.interval.ms=100",
                "selector.group.protocol=streams",
                "selector.scored.topic=other",
                "selector.threads=3",
                "topic.prefix=x.");

        assertThat(settings.boundaryScores()).isEqualTo(2);
        assertThat(settings.blockRecords()).as("60 documents over 6 partitions").isEqualTo(10);
        assertThat(settings.stratifications()).containsExactly(Stratification.LANGUAGE, Stratification.DOMAIN);
        assertThat(settings.mostStrata()).isEqualTo(7);
        assertThat(settings.growth()).isEqualTo(0.5);
        assertThat(settings.refresh()).isEqualTo(Duration.ofMillis(700));
        assertThat(settings.cutsKept()).isEqualTo(9);
        assertThat(settings.settle()).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.stratumMinimum()).isEqualTo(8);
        assertThat(settings.commitIntervalMillis()).isEqualTo(100);
        assertThat(settings.groupProtocol()).isEqualTo("streams");
        assertThat(settings.scoredTopic().name()).isEqualTo("other");
        assertThat(settings.threads()).isEqualTo(3);
        assertThat(settings.topics().cuts().name()).isEqualTo("x.cuts");
        assertThat(TestSettings.of().scoredTopic().name()).isEqualTo("bandpass.scored-documents");
        assertThat(TestSettings.of("calibrator.strata=").stratifications()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "calibrator.strata=colour",
                "calibrator.strata=all",
                "calibrator.boundary.scores=0",
                "calibrator.growth.ratio=0",
                "calibrator.strata.maximum=257",
                "calibrator.cuts.keep=0",
                "selector.group.protocol=consumer",
                "selector.commit.interval.ms=1",
                "selector.unheard.of=1"
            })
    void refusesInvalidValues(String assignment) {
        String value = assignment.substring(assignment.indexOf('=') + 1);

        assertThatThrownBy(() -> TestSettings.of(assignment))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(assignment.startsWith("selector.unheard") ? "selector.unheard.of" : value);
    }
}
