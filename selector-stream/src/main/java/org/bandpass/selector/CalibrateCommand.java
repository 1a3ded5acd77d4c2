package org.bandpass.selector;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.streams.StreamsConfig;
import org.bandpass.schemas.Cuts;
import org.bandpass.selector.calibrator.CalibratorProgram;
import org.bandpass.selector.cuts.CutsArchive;
import org.bandpass.selector.cuts.CutsVersion;
import org.bandpass.selector.digest.RankTable;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.SelectorJson;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.service.ProgramOptions;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Follows the scores and publishes the cuts: versioned digests from which every quantile can be read. */
@Command(
        name = "calibrate",
        description = {
            "Follows the scores and publishes the cuts: versioned digests from which every quantile can be read.",
            "Runs until it is stopped, or with --until-caught-up until the cuts account for every score there is."
        })
public final class CalibrateCommand implements Callable<Integer> {

    static final String DEFAULT_STATE = "bandpass-state";
    static final Duration STOP_DEADLINE = Duration.ofSeconds(45);
    /** The paper's cuts. */
    private static final double[] RANKS = {0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875};

    @Mixin
    private ProgramOptions options = new ProgramOptions();

    @Option(
            names = "--until-caught-up",
            description = "End when the cuts account for all that the scored topic holds now.")
    private boolean untilCaughtUp;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            defaultValue = DEFAULT_STATE,
            description = "Folder of local state; each application has a folder in it (default: ${DEFAULT-VALUE}).")
    private Path stateFolder = Path.of(DEFAULT_STATE);

    @Option(
            names = "--reset",
            description = "Forget what was digested before and begin with the first score; published cuts stay.")
    private boolean reset;

    @Option(names = "--json", description = "Print one JSON object a model at the end.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Returns the keys that Kafka Streams defines, among them those of no other client. */
    public static Set<String> streamsKeys() {
        return StreamsConfig.configDef().names();
    }

    /** Returns the settings of calibrator and router. */
    public static ConfigDef settings() {
        return SelectorSettings.definition();
    }

    /** Returns the ranks that summaries show. */
    static double[] ranks() {
        return RANKS.clone();
    }

    @Override
    public Integer call() {
        SelectorSettings settings = SelectorSettings.of(options.settings(SelectorSettings.definition()));
        long began = System.nanoTime();
        try (Telemetry telemetry = options.telemetry(CalibratorProgram.PROGRAM);
                Stop stop = Stop.onSignal(STOP_DEADLINE);
                KafkaCluster cluster = KafkaCluster.open(settings, options.waitForTopics(), patience(settings), stop)) {
            CalibratorProgram calibrator = new CalibratorProgram(settings, stateFolder, telemetry);
            if (reset) {
                calibrator.reset(cluster);
            }
            if (!untilCaughtUp) {
                calibrator.follow(cluster, stop);
                return 0;
            }
            Map<String, CutsVersion> latest = calibrator.catchUp(cluster, stop);
            CutsArchive archive = CutsArchive.of(cluster, settings);
            double seconds = (System.nanoTime() - began) / 1e9;
            latest.values().forEach(version -> summarise(Objects.requireNonNull(archive.find(version.id())), seconds));
            return 0;
        }
    }

    private Duration patience(SelectorSettings settings) {
        return untilCaughtUp ? settings.settings().outagePatience() : KafkaCluster.WITHOUT_END;
    }

    private void summarise(CutsVersion version, double seconds) {
        Cuts all = version.all();
        PrintWriter out = spec.commandLine().getOut();
        RankTable table = RankTable.of(all.getDigest());
        if (json) {
            ObjectNode node = SelectorJson.object()
                    .put("scoredTopic", all.getScoredTopic())
                    .put("modelRevision", all.getModelRevision())
                    .put("version", all.getVersion())
                    .put("count", all.getCount())
                    .put("strata", version.strata().size())
                    .put("rankErrorBound", all.getRankErrorBound());
            ObjectNode quantiles = node.putObject("quantiles");
            for (double rank : RANKS) {
                quantiles.put(Double.toString(rank), table.quantile(rank));
            }
            SelectorJson.print(out, node.put("seconds", seconds));
            return;
        }
        out.printf(
                Locale.ROOT,
                "cuts version %d of model revision %s: %,d scores, %d strata, ranks to within %.5f%n",
                all.getVersion(),
                all.getModelRevision(),
                all.getCount(),
                version.strata().size(),
                all.getRankErrorBound());
        for (double rank : RANKS) {
            out.printf(Locale.ROOT, "  %5.3f  %.4f nats per token%n", rank, table.quantile(rank));
        }
        out.flush();
    }
}
