package org.bandpass.selector;

import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.streams.StreamsConfig;
import org.bandpass.selector.calibrator.CalibratorProgram;
import org.bandpass.selector.cuts.CutsArchive;
import org.bandpass.selector.cuts.CutsSummary;
import org.bandpass.selector.cuts.CutsVersion;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Follows the scores and publishes the cuts: versioned digests from which every quantile can be read. */
@Command(
        name = "calibrate",
        description = {
            "Follows the scores and publishes the cuts: versioned digests from which every quantile can be read.",
            "Runs until it is stopped, or with --until-caught-up until the cuts account for every score there is."
        })
public final class CalibrateCommand implements Callable<Integer> {

    @Mixin
    private StreamsOptions options = new StreamsOptions();

    @Option(
            names = "--until-caught-up",
            description = "End when the cuts account for all that the scored topic holds now.")
    private boolean untilCaughtUp;

    @Option(
            names = "--reset",
            description = "Forget what was digested before and begin with the first score; published cuts stay.")
    private boolean reset;

    @Option(names = "--json", description = "Print one JSON object a model at the end.")
    private boolean json;

    /** Returns the keys that Kafka Streams defines, among them those of no other client. */
    public static Set<String> streamsKeys() {
        return StreamsConfig.configDef().names();
    }

    /** Returns the settings of calibrator and router. */
    public static ConfigDef settings() {
        return SelectorSettings.definition();
    }

    @Override
    public Integer call() {
        options.run(CalibratorProgram.PROGRAM, untilCaughtUp, this::calibrate);
        return 0;
    }

    private void calibrate(KafkaCluster cluster, Telemetry telemetry, Stop stop) {
        long began = System.nanoTime();
        CalibratorProgram calibrator = new CalibratorProgram(cluster, options.stateFolder(), telemetry);
        if (reset) {
            calibrator.reset();
        }
        if (!untilCaughtUp) {
            calibrator.follow(stop);
            return;
        }
        Collection<CutsVersion> latest = calibrator.catchUp(stop);
        CutsArchive archive = CutsArchive.of(cluster);
        double seconds = (System.nanoTime() - began) / 1e9;
        for (CutsVersion version : latest) {
            CutsVersion whole = Objects.requireNonNull(archive.find(version.id()));
            CutsSummary.calibrated(whole, seconds).print(options.out(), json);
        }
    }
}
