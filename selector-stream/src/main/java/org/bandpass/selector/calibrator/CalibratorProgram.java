package org.bandpass.selector.calibrator;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.selector.cuts.CutsArchive;
import org.bandpass.selector.cuts.CutsRetention;
import org.bandpass.selector.cuts.CutsVersion;
import org.bandpass.selector.plan.PlanCatalog;
import org.bandpass.selector.runtime.DeadLetters;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.Patience;
import org.bandpass.selector.runtime.RecordEnds;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.selector.runtime.StreamsProgram;
import org.bandpass.selector.runtime.StreamsSettings;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Progress;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;
import org.jspecify.annotations.Nullable;

/** Runs the calibrator until it is stopped or, as a job, until the cuts account for every score. */
public final class CalibratorProgram {

    public static final String PROGRAM = "calibrator";
    private static final Duration POLL = Duration.ofMillis(100);
    /** A job knows its end, so its partitions need not rest to be complete. */
    private static final Duration JOB_TICK = Duration.ofMillis(100);

    private static final Duration PRUNE_EVERY = Duration.ofHours(1);

    private final SelectorSettings settings;
    private final Path stateFolder;
    private final Telemetry telemetry;
    private final String scoredTopic;
    private @Nullable String pruningFailed;
    /** Versions by model revision that were made of what is forgotten. */
    private Map<String, Integer> forgotten = Map.of();

    public CalibratorProgram(SelectorSettings settings, Path stateFolder, Telemetry telemetry) {
        this.settings = settings;
        this.stateFolder = stateFolder;
        this.telemetry = telemetry;
        this.scoredTopic = settings.scoredTopic().name();
    }

    /** Forgets what was digested before. */
    public void reset(KafkaCluster cluster) {
        cluster.require(scoredTopic);
        cluster.ensure(
                List.of(settings.topics().scoreDigests(), settings.topics().cuts()));
        forgotten = new TreeMap<>();
        CutsArchive.of(cluster, settings)
                .latest(scoredTopic)
                .forEach((revision, version) ->
                        forgotten.put(revision, version.id().version()));
        new CalibratorReset(settings, cluster).run(group(), stateFolder.resolve(group()));
    }

    /** Follows the scored topic until a stop is requested. */
    public void follow(KafkaCluster cluster, Stop stop) {
        prepare(cluster);
        if (cluster.isEmpty(scoredTopic)) {
            System.err.println("topic " + scoredTopic + " is empty; waiting for scored documents");
        }
        try (StreamsProgram program = start(cluster, Map.of())) {
            long prunedAt = System.nanoTime() - PRUNE_EVERY.toNanos();
            while (!stop.await(POLL)) {
                program.check();
                if (System.nanoTime() - prunedAt >= PRUNE_EVERY.toNanos()) {
                    prune(cluster);
                    prunedAt = System.nanoTime();
                }
            }
        }
    }

    /** Covers what the scored topic holds now and returns the latest cuts by model revision; none of an empty topic. */
    public Map<String, CutsVersion> catchUp(KafkaCluster cluster, Stop stop) {
        prepare(cluster);
        RecordEnds ends = cluster.ends(scoredTopic);
        if (ends.isEmpty()) {
            System.err.println("nothing to do: topic " + scoredTopic + " holds no scored documents");
            return Map.of();
        }
        try (StreamsProgram program = start(cluster, ends.offsets());
                Progress progress = Progress.start("calibrating", "offsets", total(ends))) {
            awaitPositions(cluster, program, ends, progress, stop);
            Map<String, CutsVersion> latest = awaitCuts(cluster, program, ends, stop);
            prune(cluster);
            return latest;
        }
    }

    /** Old versions cost space only, so trouble with them stops nothing. */
    private void prune(KafkaCluster cluster) {
        try {
            new CutsRetention(
                            settings,
                            cluster,
                            () -> new PlanCatalog(settings, cluster).everyOne().values())
                    .prune(settings.cutsKept(), false);
        } catch (ProgramFailure e) {
            if (!Objects.equals(e.getMessage(), pruningFailed)) {
                pruningFailed = e.getMessage();
                System.err.println("old versions of the cuts stay: " + pruningFailed);
            }
        }
    }

    private void prepare(KafkaCluster cluster) {
        cluster.require(scoredTopic);
        Topics topics = settings.topics();
        List<TopicSpec> needed =
                List.of(settings.scoredTopic(), topics.scoreDigests(), topics.cuts(), topics.deadLetters(PROGRAM));
        cluster.ensure(needed);
        cluster.startAtBeginning(
                group(), List.of(scoredTopic, topics.scoreDigests().name()));
    }

    private StreamsProgram start(KafkaCluster cluster, Map<Integer, Long> targets) {
        Map<String, CalibrationRules.Published> published = new TreeMap<>();
        CutsArchive.of(cluster, settings)
                .latest(scoredTopic)
                .forEach((revision, version) -> published.put(
                        revision, new CalibrationRules.Published(version.id().version(), version.publishedAt())));
        CalibrationRules calibration = new CalibrationRules(
                scoredTopic,
                settings.topics().partitions(),
                DigestRules.of(settings),
                settings.stratumMinimum(),
                CalibrationRules.Pace.of(settings),
                targets.isEmpty() ? settings.settle() : JOB_TICK,
                targets,
                published);
        DeadLetters.Address deadLetters = DeadLetters.Address.of(settings, PROGRAM, null, telemetry.registry());
        Properties config = StreamsSettings.of(settings, program(), deadLetters, stateFolder);
        CalibratorMeters meters = new CalibratorMeters(telemetry.registry());
        return StreamsProgram.start(
                () -> CalibratorTopology.build(config, settings.topics(), calibration, meters),
                config,
                cluster::answers);
    }

    private void awaitPositions(
            KafkaCluster cluster, StreamsProgram program, RecordEnds ends, Progress progress, Stop stop) {
        Patience patience = new Patience(CatchUp.PATIENCE);
        while (true) {
            program.check();
            Map<Integer, Long> positions = cluster.positions(group(), scoredTopic);
            progress.at(positions.values().stream().mapToLong(Long::longValue).sum());
            List<Integer> behind = ends.behind(partition -> positions.getOrDefault(partition, 0L));
            if (behind.isEmpty()) {
                return;
            }
            patience.look(positions, () -> "partition " + behind.get(0) + " of topic " + scoredTopic);
            stopIfAsked(stop);
        }
    }

    private Map<String, CutsVersion> awaitCuts(
            KafkaCluster cluster, StreamsProgram program, RecordEnds ends, Stop stop) {
        Patience patience = new Patience(CatchUp.PATIENCE);
        CutsArchive archive = CutsArchive.of(cluster, settings);
        while (true) {
            program.check();
            Map<String, CutsVersion> latest = archive.latest(scoredTopic);
            List<String> waiting = latest.values().stream()
                    .filter(version -> !version.covers(ends) || isForgotten(version.id()))
                    .map(version -> version.id().modelRevision())
                    .toList();
            // Where everything is covered already, the state must still fit the settings.
            if (!latest.isEmpty() && waiting.isEmpty() && program.isRunning()) {
                return latest;
            }
            patience.look(
                    waiting,
                    () -> latest.isEmpty()
                            ? "topic " + scoredTopic + " holds no score that can be read (see "
                                    + settings.topics().deadLetters(PROGRAM).name() + "), so there are no cuts;"
                            : "the cuts of model revision " + waiting.get(0));
            stopIfAsked(stop);
        }
    }

    private boolean isForgotten(CutsVersion.Id version) {
        return version.version() <= forgotten.getOrDefault(version.modelRevision(), 0);
    }

    private static void stopIfAsked(Stop stop) {
        if (stop.await(POLL)) {
            throw new ProgramFailure("stopped before the cuts were complete; start again to continue");
        }
    }

    private static long total(RecordEnds ends) {
        return ends.offsets().values().stream().mapToLong(Long::longValue).sum();
    }

    private String group() {
        return settings.topics().group(program());
    }

    /** A second scored topic has a calibrator of its own. */
    private String program() {
        String usual = settings.topics().scoredDocuments().name();
        return scoredTopic.equals(usual) ? PROGRAM : PROGRAM + "." + scoredTopic;
    }
}
