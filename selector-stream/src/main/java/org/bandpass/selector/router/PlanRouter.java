package org.bandpass.selector.router;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.selector.cuts.CutsArchive;
import org.bandpass.selector.cuts.CutsVersion;
import org.bandpass.selector.runtime.DeadLetters;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.Patience;
import org.bandpass.selector.runtime.RecordEnds;
import org.bandpass.selector.runtime.StreamsProgram;
import org.bandpass.selector.runtime.StreamsSettings;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Telemetry;
import org.jspecify.annotations.Nullable;

/** The router of one plan. A live plan starts when its cuts have enough scores. */
public final class PlanRouter implements AutoCloseable {

    public static final String PROGRAM = "router";

    private static final long CUTS_POLL_NANOS = Duration.ofMillis(500).toNanos();

    private final KafkaCluster cluster;
    private final Plan plan;
    private final Path stateFolder;
    private final Telemetry telemetry;
    private final String group;
    private final CutsArchive archive;
    private final RouterTally tally;
    private final Patience patience = new Patience(CatchUp.PATIENCE);
    private long scoresInCuts = -1;
    private long cutsReadAt;
    private @Nullable StreamsProgram program;

    public PlanRouter(KafkaCluster cluster, Plan plan, Path stateFolder, Telemetry telemetry) {
        this.cluster = cluster;
        this.plan = plan;
        this.stateFolder = stateFolder;
        this.telemetry = telemetry;
        this.group = cluster.topics().group(program(plan));
        this.archive = CutsArchive.of(cluster);
        this.tally = new RouterTally(plan, telemetry.registry());
    }

    /** Returns the name of a plan's application under the prefix. */
    public static String program(Plan plan) {
        return PROGRAM + "." + plan.getName();
    }

    /**
     * Starts the application once its cuts have enough scores, and restarts it if it failed in an outage.
     *
     * @throws ProgramFailure if it failed otherwise, or lacks a position that it cannot find
     */
    public void check() {
        if (program != null) {
            program.check();
        } else if (isWarm()) {
            program = start();
        }
    }

    /** Reads the cuts at most twice a second. */
    private boolean isWarm() {
        long now = System.nanoTime();
        if (plan.getCutMode() == CutMode.FROZEN) {
            return true;
        }
        if (scoresInCuts >= 0 && now - cutsReadAt < CUTS_POLL_NANOS) {
            return false;
        }
        cutsReadAt = now;
        CutsVersion latest = archive.latest(plan.getScoredTopic()).get(plan.getModelRevision());
        boolean first = scoresInCuts < 0;
        scoresInCuts = latest == null ? 0 : latest.all().getCount();
        if (first && scoresInCuts < plan.getWarmUp()) {
            System.err.printf(
                    "plan %s waits until the cuts have %,d scores, now %,d; 'bandpass calibrate' makes them%n",
                    plan.getName(), plan.getWarmUp(), scoresInCuts);
        }
        return scoresInCuts >= plan.getWarmUp();
    }

    private StreamsProgram start() {
        Topics topics = cluster.topics();
        List<TopicSpec> needed = new ArrayList<>(
                List.of(topics.scored(plan.getScoredTopic()), topics.cuts(), topics.deadLetters(PROGRAM)));
        plan.getBands().forEach(band -> needed.add(topics.band(plan.getName(), band.getName())));
        cluster.require(plan.getScoredTopic());
        cluster.ensure(needed);
        cluster.startAt(group, plan.getScoredTopic(), ResumePositions.of(plan, group, cluster));
        DeadLetters.Address deadLetters =
                new DeadLetters.Address(cluster.settings(), PROGRAM, plan.getName(), telemetry.registry());
        Properties config = StreamsSettings.of(program(plan), deadLetters, stateFolder);
        return new StreamsProgram(() -> RouterTopology.build(config, topics, plan, tally), config, cluster::answers);
    }

    boolean isStarted() {
        return program != null;
    }

    RouterTally tally() {
        return tally;
    }

    /** Returns whether the positions have reached the ends. Throws a ProgramFailure if nothing changes any longer. */
    boolean hasReached(RecordEnds ends) {
        if (program == null) {
            patience.check(
                    scoresInCuts,
                    () -> "the number of scores in the cuts that live plan " + plan.getName() + " waits for ("
                            + scoresInCuts + " of " + plan.getWarmUp() + ")");
            return false;
        }
        String topic = plan.getScoredTopic();
        Map<Integer, Long> positions = cluster.positions(group, topic);
        List<Integer> behind = ends.behind(positions);
        if (!behind.isEmpty()) {
            patience.check(
                    positions, () -> "plan " + plan.getName() + ": partition " + behind.get(0) + " of topic " + topic);
        }
        return behind.isEmpty();
    }

    @Override
    public void close() {
        if (program != null) {
            program.close();
        }
    }
}
