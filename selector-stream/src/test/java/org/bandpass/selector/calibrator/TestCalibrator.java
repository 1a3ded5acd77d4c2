package org.bandpass.selector.calibrator;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.TopologyTestDriver;
import org.bandpass.selector.runtime.DeadLetters;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.selector.runtime.StreamsSettings;
import org.bandpass.selector.runtime.TestSettings;

/** A calibrator without a broker. */
public final class TestCalibrator {

    private TestCalibrator() {}

    /** Starts one that digests all scores of one partition, with a half-life in documents, 0 for none. */
    public static TopologyTestDriver start(long halfLife, Path folder) {
        SelectorSettings settings = TestSettings.of(
                "topic.partitions=1",
                "calibrator.half.life.documents=" + halfLife,
                "calibrator.strata=",
                "calibrator.stratum.minimum.scores=1");
        CalibratorRules rules = new CalibratorRules(settings, Map.of(), Map.of());
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Properties config = config(folder, registry);
        return new TopologyTestDriver(
                CalibratorTopology.build(config, rules, new CalibratorMeters(registry)), config, Instant.EPOCH);
    }

    static Properties config(Path folder, SimpleMeterRegistry registry) {
        String program = CalibratorProgram.PROGRAM;
        return StreamsSettings.of(program, new DeadLetters.Address(TestSettings.of(), program, null, registry), folder);
    }
}
