package org.bandpass.selector.calibrator;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.TopologyTestDriver;
import org.bandpass.schemas.Topics;
import org.bandpass.selector.runtime.DeadLetters;
import org.bandpass.selector.runtime.StreamsSettings;
import org.bandpass.selector.runtime.TestSettings;

/** A calibrator without a broker. */
public final class TestCalibrator {

    private TestCalibrator() {}

    /** Starts one that digests all scores of one partition, with a half-life in documents, 0 for none. */
    public static TopologyTestDriver start(Topics topics, long halfLife, Path folder) {
        CalibrationRules rules = new CalibrationRules(
                topics.scoredDocuments().name(),
                1,
                new DigestRules(1000, halfLife, List.of(), 0),
                1,
                0.05,
                Duration.ofHours(1),
                Duration.ofSeconds(10),
                Map.of(),
                Map.of());
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Properties config = config(folder, registry);
        return new TopologyTestDriver(
                CalibratorTopology.build(config, topics, rules, new CalibratorMeters(registry)), config, Instant.EPOCH);
    }

    static Properties config(Path folder, SimpleMeterRegistry registry) {
        return StreamsSettings.of(
                TestSettings.of(),
                CalibratorProgram.PROGRAM,
                DeadLetters.Address.of(TestSettings.of(), CalibratorProgram.PROGRAM, null, registry),
                folder);
    }
}
