package org.bandpass.selector;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;

/** Runs the router of one plan. */
final class Router implements AutoCloseable {

    static final String PROGRAM = "router";
    private static final Duration WARM_UP_POLL = Duration.ofMillis(500);

    private final SelectorSettings settings;
    private final Plan plan;
    private final RouterTally tally;
    private final StreamsProgram program;
    private final Patience patience = new Patience(CatchUp.PATIENCE);

    private Router(SelectorSettings settings, Plan plan, RouterTally tally, StreamsProgram program) {
        this.settings = settings;
        this.plan = plan;
        this.tally = tally;
        this.program = program;
    }

    /**
     * Starts the router of a plan; topics are created, positions checked.
     *
     * @throws ProgramFailure if a band holds records that the group has no position for
     */
    static Router start(SelectorSettings settings, Cluster cluster, Plan plan, Path stateFolder, Telemetry telemetry) {
        prepare(settings, cluster, plan);
        RouterTally tally = new RouterTally(plan, telemetry.registry());
        DeadLetters.Address deadLetters = new DeadLetters.Address(
                PROGRAM,
                settings.topics().deadLetters(PROGRAM).name(),
                new RefusalMeters(telemetry.registry(), PROGRAM));
        Properties config = StreamsSettings.of(settings, program(plan), deadLetters, stateFolder);
        StreamsProgram program =
                StreamsProgram.start(RouterTopology.build(config, settings.topics(), plan, tally), config);
        return new Router(settings, plan, tally, program);
    }

    private static void prepare(SelectorSettings settings, Cluster cluster, Plan plan) {
        List<TopicSpec> needed = new ArrayList<>();
        needed.add(settings.topics().scored(plan.getScoredTopic()));
        needed.add(settings.topics().cuts());
        needed.add(settings.topics().deadLetters(PROGRAM));
        bands(settings, plan).forEach(needed::add);
        cluster.ensure(needed);
        String group = settings.topics().group(program(plan));
        requireKnownPositions(settings, cluster, plan, group);
        StartPositions.complete(cluster, group, List.of(plan.getScoredTopic()));
    }

    /** Committed offsets expire in a group that nobody is in; starting over would double what the bands hold. */
    private static void requireKnownPositions(SelectorSettings settings, Cluster cluster, Plan plan, String group) {
        Map<Integer, Long> committed = cluster.committed(group, plan.getScoredTopic());
        for (TopicSpec band : bands(settings, plan)) {
            List<TopicPartition> partitions = OffsetSnapshot.partitionsOf(cluster.reader(), band.name());
            Map<TopicPartition, Long> beginnings = cluster.reader().beginningOffsets(partitions);
            cluster.reader().endOffsets(partitions).forEach((partition, end) -> {
                if (end > beginnings.getOrDefault(partition, 0L) && !committed.containsKey(partition.partition())) {
                    throw new ProgramFailure("topic " + band.name() + " holds records in partition "
                            + partition.partition() + ", but group " + group + " has no position in "
                            + plan.getScoredTopic() + ": starting over would double them. Route under a plan of"
                            + " another name ('bandpass replay'), or give the group its position with"
                            + " kafka-consumer-groups --reset-offsets");
                }
            });
        }
    }

    private static List<TopicSpec> bands(SelectorSettings settings, Plan plan) {
        return plan.getBands().stream()
                .map(Band::getName)
                .map(band -> settings.topics().band(plan.getName(), band))
                .toList();
    }

    /** Waits until the cuts of a live plan count enough scores; returns false when a stop was requested before. */
    static boolean awaitWarmUp(SelectorSettings settings, Cluster cluster, Plan plan, Stop stop) {
        if (plan.getCutMode() == CutMode.FROZEN) {
            return true;
        }
        cluster.ensure(List.of(settings.topics().cuts()));
        CutsArchive archive = new CutsArchive(cluster.reader(), settings.topics());
        boolean said = false;
        while (true) {
            CutsVersion latest = archive.latest(plan.getScoredTopic()).get(plan.getModelRevision());
            if (latest != null && latest.all().getCount() >= plan.getWarmUp()) {
                return true;
            }
            if (!said) {
                said = true;
                System.err.printf(
                        "plan %s waits for cuts of %,d scores; 'bandpass calibrate' makes them%n",
                        plan.getName(), plan.getWarmUp());
            }
            if (stop.await(WARM_UP_POLL)) {
                return false;
            }
        }
    }

    Plan plan() {
        return plan;
    }

    RouterTally tally() {
        return tally;
    }

    /** Returns while the application is well; throws what stopped it. */
    void check() {
        program.check();
    }

    /** Looks at the position and returns whether it has reached the ends. */
    boolean hasReached(RecordEnds ends, Cluster cluster) {
        check();
        Map<Integer, Long> positions = cluster.committed(settings.topics().group(program(plan)), plan.getScoredTopic());
        List<Integer> behind = ends.behind(partition -> positions.getOrDefault(partition, 0L));
        if (!behind.isEmpty()) {
            patience.look(
                    positions,
                    () -> "plan " + plan.getName() + ": partition " + behind.get(0) + " of topic "
                            + plan.getScoredTopic());
        }
        return behind.isEmpty();
    }

    private static String program(Plan plan) {
        return PROGRAM + "." + plan.getName();
    }

    @Override
    public void close() {
        program.close();
    }
}
