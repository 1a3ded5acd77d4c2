package org.bandpass.selector;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.streams.Topology;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Progress;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;

/** Runs the calibrator until it is stopped or, as a job, until the cuts account for every score. */
final class Calibrator {

    static final String PROGRAM = "calibrator";
    private static final Duration POLL = Duration.ofMillis(100);
    /** A job knows its end, so its partitions need not rest to be complete. */
    private static final Duration JOB_TICK = Duration.ofMillis(100);

    private final SelectorSettings settings;
    private final Path stateFolder;
    private final Telemetry telemetry;
    private final String scoredTopic;

    Calibrator(SelectorSettings settings, Path stateFolder, Telemetry telemetry) {
        this.settings = settings;
        this.stateFolder = stateFolder;
        this.telemetry = telemetry;
        this.scoredTopic = settings.scoredTopic().name();
    }

    /** Follows the scored topic until a stop is requested. */
    void follow(Cluster cluster, Stop stop) {
        prepare(cluster);
        try (StreamsProgram program = start(cluster, Map.of())) {
            while (!stop.await(POLL)) {
                program.check();
            }
        }
    }

    /** Covers what the scored topic holds now and returns the latest cuts by model revision. */
    Map<String, CutsVersion> catchUp(Cluster cluster, Stop stop) {
        prepare(cluster);
        RecordEnds ends = cluster.ends(scoredTopic);
        if (ends.isEmpty()) {
            throw new ProgramFailure(
                    "topic " + scoredTopic + " holds no scored documents: run 'bandpass score' before");
        }
        try (StreamsProgram program = start(cluster, ends.offsets());
                Progress progress = Progress.start("calibrating", "offsets", total(ends))) {
            awaitPositions(cluster, program, ends, progress, stop);
            return awaitCuts(cluster, program, ends, stop);
        }
    }

    private void prepare(Cluster cluster) {
        Topics topics = settings.topics();
        List<TopicSpec> needed =
                List.of(settings.scoredTopic(), topics.scoreDigests(), topics.cuts(), topics.deadLetters(PROGRAM));
        cluster.ensure(needed);
        cluster.startAtBeginning(
                group(), List.of(scoredTopic, topics.scoreDigests().name()));
    }

    private StreamsProgram start(Cluster cluster, Map<Integer, Long> targets) {
        Map<String, Integer> lastVersions = new TreeMap<>();
        CutsArchive.of(cluster, settings)
                .latest(scoredTopic)
                .forEach((revision, version) ->
                        lastVersions.put(revision, version.id().version()));
        Calibration calibration = new Calibration(
                scoredTopic,
                settings.topics().partitions(),
                settings.digestRules(),
                settings.stratumMinimum(),
                settings.growth(),
                targets.isEmpty() ? settings.settle() : JOB_TICK,
                targets,
                lastVersions);
        DeadLetters.Address deadLetters = DeadLetters.Address.of(settings.topics(), PROGRAM, telemetry.registry());
        Properties config = StreamsSettings.of(settings, program(), deadLetters, stateFolder);
        Topology topology = CalibratorTopology.build(
                config, settings.topics(), calibration, new CalibratorMeters(telemetry.registry()));
        return StreamsProgram.start(topology, config);
    }

    private void awaitPositions(
            Cluster cluster, StreamsProgram program, RecordEnds ends, Progress progress, Stop stop) {
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

    private Map<String, CutsVersion> awaitCuts(Cluster cluster, StreamsProgram program, RecordEnds ends, Stop stop) {
        Patience patience = new Patience(CatchUp.PATIENCE);
        CutsArchive archive = CutsArchive.of(cluster, settings);
        while (true) {
            program.check();
            Map<String, CutsVersion> latest = archive.latest(scoredTopic);
            List<String> waiting = latest.values().stream()
                    .filter(version -> !version.covers(ends))
                    .map(version -> version.id().modelRevision())
                    .toList();
            if (!latest.isEmpty() && waiting.isEmpty()) {
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
