package org.bandpass.selector.calibrator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.Topics;
import org.bandpass.selector.calibrator.CalibratorRules.Published;
import org.bandpass.selector.cuts.CutsArchive;
import org.bandpass.selector.cuts.CutsVersion;
import org.bandpass.selector.plan.CutsRetention;
import org.bandpass.selector.runtime.DeadLetters;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.Patience;
import org.bandpass.selector.runtime.RecordEnds;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.selector.runtime.StreamsProgram;
import org.bandpass.selector.runtime.StreamsSettings;
import org.bandpass.service.FolderLock;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Progress;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;
import org.jspecify.annotations.Nullable;

/** Runs the calibrator until it is stopped or, as a job, until the cuts account for every score. */
public final class CalibratorProgram {

    /** Name of the program in topics, groups and metrics. */
    public static final String PROGRAM = "calibrator";

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PRUNE_INTERVAL = Duration.ofHours(1);

    private final KafkaCluster cluster;
    private final SelectorSettings settings;
    private final Topics topics;
    private final Path stateFolder;
    private final Telemetry telemetry;
    private final String scoredTopic;
    /** Name of the application; each scored topic has its own. */
    private final String program;

    private final String group;
    private @Nullable String pruneFailure;
    /** By model revision, the latest version at a reset. */
    private final Map<String, Integer> versionsAtReset = new HashMap<>();

    public CalibratorProgram(KafkaCluster cluster, Path stateFolder, Telemetry telemetry) {
        this.cluster = cluster;
        this.settings = cluster.settings();
        this.topics = cluster.topics();
        this.stateFolder = stateFolder;
        this.telemetry = telemetry;
        this.scoredTopic = settings.scoredTopic().name();
        this.program = scoredTopic.equals(topics.scoredDocuments().name()) ? PROGRAM : PROGRAM + "." + scoredTopic;
        this.group = topics.group(program);
    }

    /**
     * Deletes positions, changelogs and local state, so that the next start begins with the first score. Published cuts
     * stay. Can be repeated after an interruption at any point.
     *
     * @throws ProgramFailure if the calibrator is running
     */
    public void reset() {
        cluster.require(scoredTopic);
        cluster.ensure(List.of(topics.scoreDigests(), topics.cuts()));
        latest().forEach((revision, version) ->
                versionsAtReset.put(revision, version.id().version()));
        Path folder = stateFolder.resolve(group);
        FolderLock lock = FolderLock.take(folder);
        try {
            cluster.deleteGroup(group);
            // Reading the earlier partials again would restore the state.
            cluster.startAtEnd(group, topics.scoreDigests().name());
            cluster.delete(CalibratorTopology.STORES.stream()
                    .map(store -> group + "-" + store + "-changelog")
                    .toList());
            clear(folder);
        } finally {
            lock.close();
        }
        System.err.println("deleted the state of " + group + "; its cuts stay, and new versions follow them");
    }

    private static void clear(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(folder) && !file.endsWith("bandpass.lock")) {
                    Files.delete(file);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new ProgramFailure("cannot delete the state in " + folder + ": " + e.getMessage(), e);
        }
    }

    public void follow(Stop stop) {
        prepare();
        if (cluster.isEmpty(scoredTopic)) {
            System.err.println("topic " + scoredTopic + " is empty; waiting for scored documents");
        }
        try (StreamsProgram running = start(Map.of())) {
            long prunedAt = System.nanoTime() - PRUNE_INTERVAL.toNanos();
            while (!stop.await(POLL)) {
                running.check();
                if (System.nanoTime() - prunedAt >= PRUNE_INTERVAL.toNanos()) {
                    prune();
                    prunedAt = System.nanoTime();
                }
            }
        }
    }

    /**
     * Processes all that the scored topic holds now and returns the latest cuts of each model, with the digest of 'all'
     * only; none for an empty topic.
     *
     * @throws ProgramFailure if it fails, is stopped or makes no progress before the end
     */
    public Collection<CutsVersion> catchUp(Stop stop) {
        prepare();
        RecordEnds ends = cluster.ends(scoredTopic);
        if (ends.isEmpty()) {
            System.err.println("nothing to do: topic " + scoredTopic + " holds no scored documents");
            return List.of();
        }
        try (StreamsProgram running = start(ends.offsets());
                Progress progress = Progress.start("calibrating", "offsets", sum(ends.offsets()))) {
            awaitPositions(running, ends, progress, stop);
            Collection<CutsVersion> latest = awaitCuts(running, ends, stop);
            prune();
            return latest;
        }
    }

    /** Old versions only cost space, so a failure does not stop the program. */
    private void prune() {
        try {
            new CutsRetention(cluster).prune(settings.cutsKept(), false);
        } catch (ProgramFailure e) {
            if (!Objects.equals(e.getMessage(), pruneFailure)) {
                pruneFailure = e.getMessage();
                System.err.println("old versions of the cuts stay: " + pruneFailure);
            }
        }
    }

    private void prepare() {
        cluster.require(scoredTopic);
        cluster.ensure(
                List.of(settings.scoredTopic(), topics.scoreDigests(), topics.cuts(), topics.deadLetters(PROGRAM)));
        cluster.startAt(group, scoredTopic, Map.of());
        cluster.startAt(group, topics.scoreDigests().name(), Map.of());
    }

    private StreamsProgram start(Map<Integer, Long> targets) {
        Map<String, Published> published = new HashMap<>();
        latest().forEach((revision, version) ->
                published.put(revision, new Published(version.id().version(), version.publishedAt())));
        CalibratorRules rules = new CalibratorRules(settings, targets, published);
        DeadLetters.Address deadLetters = new DeadLetters.Address(settings, PROGRAM, null, telemetry.registry());
        Properties config = StreamsSettings.of(program, deadLetters, stateFolder);
        CalibratorMeters meters = new CalibratorMeters(telemetry.registry());
        return new StreamsProgram(() -> CalibratorTopology.build(config, rules, meters), config, cluster::answers);
    }

    private Map<String, CutsVersion> latest() {
        return CutsArchive.of(cluster).latest(scoredTopic);
    }

    private void awaitPositions(StreamsProgram running, RecordEnds ends, Progress progress, Stop stop) {
        Patience patience = new Patience(CatchUp.PATIENCE);
        while (true) {
            running.check();
            Map<Integer, Long> positions = cluster.positions(group, scoredTopic);
            progress.at(sum(positions));
            List<Integer> behind = ends.behind(positions);
            if (behind.isEmpty()) {
                return;
            }
            patience.check(positions, () -> "partition " + behind.get(0) + " of topic " + scoredTopic);
            pause(stop);
        }
    }

    private Collection<CutsVersion> awaitCuts(StreamsProgram running, RecordEnds ends, Stop stop) {
        Patience patience = new Patience(CatchUp.PATIENCE);
        CutsArchive archive = CutsArchive.of(cluster);
        while (true) {
            running.check();
            Collection<CutsVersion> latest = archive.latest(scoredTopic).values();
            List<String> waiting = latest.stream()
                    .filter(version -> !version.covers(ends) || isFromBeforeReset(version.id()))
                    .map(version -> version.id().modelRevision())
                    .toList();
            // Even if the cuts cover everything, the application must start: the settings may not fit the state.
            if (!latest.isEmpty() && waiting.isEmpty() && running.isRunning()) {
                return latest;
            }
            patience.check(
                    waiting,
                    () -> latest.isEmpty()
                            ? "topic " + scoredTopic + " holds no score that can be read (see "
                                    + topics.deadLetters(PROGRAM).name() + "), so there are no cuts;"
                            : "the cuts of model revision " + waiting.get(0));
            pause(stop);
        }
    }

    private boolean isFromBeforeReset(CutsVersion.Id version) {
        return version.version() <= versionsAtReset.getOrDefault(version.modelRevision(), 0);
    }

    private static void pause(Stop stop) {
        if (stop.await(POLL)) {
            throw new ProgramFailure("stopped before the cuts were complete; start it again to continue");
        }
    }

    private static long sum(Map<Integer, Long> offsets) {
        return offsets.values().stream().mapToLong(Long::longValue).sum();
    }
}
