package org.bandpass.selector;

import java.util.Collection;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.streams.StreamsConfig;
import org.bandpass.selector.calibrator.CalibratorProgram;
import org.bandpass.selector.cuts.CutsSummary;
import org.bandpass.selector.cuts.CutsVersion;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Follows the scores and publishes the cuts. */
@Command(
        name = "calibrate",
        description = {
            "Follows the scores and publishes the cuts: versioned digests from which every quantile can be read.",
            "Runs until it is stopped, or with --until-caught-up until the cuts account for every score there is."
        })
public final class CalibrateCommand implements Runnable {

    @Mixin
    private StreamsOptions options = new StreamsOptions();

    @Option(names = "--reset", description = "Delete the state and start with the first score; published cuts stay.")
    private boolean reset;

    /** Returns all keys of Kafka Streams, including those of its clients. */
    public static Set<String> streamsKeys() {
        return StreamsConfig.configDef().names();
    }

    /** Returns the settings of calibrator and router. */
    public static ConfigDef settings() {
        return SelectorSettings.definition();
    }

    @Override
    public void run() {
        options.run(CalibratorProgram.PROGRAM, this::calibrate);
    }

    private void calibrate(KafkaCluster cluster, Telemetry telemetry, Stop stop) {
        long began = System.nanoTime();
        CalibratorProgram calibrator = new CalibratorProgram(cluster, options.stateFolder(), telemetry);
        if (reset) {
            calibrator.reset();
        }
        if (!options.untilCaughtUp()) {
            calibrator.follow(stop);
            return;
        }
        Collection<CutsVersion> latest = calibrator.catchUp(stop);
        double seconds = (System.nanoTime() - began) / 1e9;
        latest.forEach(version -> options.print(CutsSummary.calibrated(version, seconds)));
    }
}
