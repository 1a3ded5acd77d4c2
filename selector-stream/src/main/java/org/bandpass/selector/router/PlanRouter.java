package org.bandpass.selector.router;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.selector.runtime.DeadLetters;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.Patience;
import org.bandpass.selector.runtime.RecordEnds;
import org.bandpass.selector.runtime.StreamsProgram;
import org.bandpass.selector.runtime.StreamsSettings;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Telemetry;

/** The running router of one plan. */
public final class PlanRouter implements AutoCloseable {

    public static final String PROGRAM = "router";

    private final KafkaCluster cluster;
    private final String group;
    private final Plan plan;
    private final RouterTally tally;
    private final StreamsProgram program;
    private final Patience patience = new Patience(CatchUp.PATIENCE);

    /**
     * Starts the router of a plan; topics are created, positions checked.
     *
     * @throws ProgramFailure if a band holds records that the group has no position for
     */
    public PlanRouter(KafkaCluster cluster, Plan plan, Path stateFolder, Telemetry telemetry) {
        this.cluster = cluster;
        this.plan = plan;
        group = cluster.topics().group(program(plan));
        prepare();
        tally = new RouterTally(plan, telemetry.registry());
        DeadLetters.Address deadLetters =
                DeadLetters.Address.of(cluster.settings(), PROGRAM, plan.getName(), telemetry.registry());
        Properties config = StreamsSettings.of(cluster.settings(), program(plan), deadLetters, stateFolder);
        program = new StreamsProgram(
                () -> RouterTopology.build(config, cluster.topics(), plan, tally), config, cluster::answers);
    }

    /** Returns the name of a plan's application under the prefix. */
    public static String program(Plan plan) {
        return PROGRAM + "." + plan.getName();
    }

    private void prepare() {
        Topics topics = cluster.topics();
        cluster.require(plan.getScoredTopic());
        List<TopicSpec> bands = plan.getBands().stream()
                .map(band -> topics.band(plan.getName(), band.getName()))
                .toList();
        List<TopicSpec> needed = new ArrayList<>(bands);
        needed.addAll(List.of(topics.scored(plan.getScoredTopic()), topics.cuts(), topics.deadLetters(PROGRAM)));
        cluster.ensure(needed);
        Map<Integer, Long> committed = cluster.committed(group, plan.getScoredTopic());
        Map<Integer, Long> positions = Map.of();
        if (committed.size() < topics.partitions()) {
            if (plan.getCutMode() == CutMode.LIVE) {
                bands.forEach(band -> requireKnownPositions(committed, band.name()));
            } else {
                positions = written(bands);
                sayResumed(committed, positions);
            }
        }
        cluster.startAt(group, plan.getScoredTopic(), positions);
    }

    /** The same document has the same rank in frozen cuts, so a router can resume after what it has written. */
    private Map<Integer, Long> written(List<TopicSpec> bands) {
        ResumePositions resume = new ResumePositions(plan);
        bands.forEach(band -> resume.band(cluster, cluster.written(band.name())));
        cluster.read(cluster.topics().deadLetters(PROGRAM).name(), resume::deadLetter);
        return resume.positions();
    }

    private void sayResumed(Map<Integer, Long> committed, Map<Integer, Long> positions) {
        List<Integer> lost = positions.keySet().stream()
                .filter(partition -> !committed.containsKey(partition))
                .toList();
        if (!lost.isEmpty()) {
            System.err.println("group " + group + " has no position in partitions " + lost + " of "
                    + plan.getScoredTopic() + "; it resumes after the last document that it has routed");
        }
    }

    /**
     * The committed offsets of an empty group expire. The live cuts have changed since, so starting over would both add
     * documents that were left out and double those that are there.
     */
    private void requireKnownPositions(Map<Integer, Long> committed, String band) {
        cluster.ends(band).offsets().forEach((partition, end) -> {
            if (end > 0 && !committed.containsKey(partition)) {
                throw new ProgramFailure("topic " + band + " holds records in partition " + partition
                        + ", but group " + group + " has no position in " + plan.getScoredTopic()
                        + ": starting over would double them. Route under a plan of another name ('bandpass replay'),"
                        + " or give the group its position with kafka-consumer-groups --reset-offsets");
            }
        });
    }

    Plan plan() {
        return plan;
    }

    RouterTally tally() {
        return tally;
    }

    /**
     * Restarts the application if it failed in an outage.
     *
     * @throws ProgramFailure if it has stopped
     */
    public void check() {
        program.check();
    }

    /**
     * Returns whether the position has reached the ends.
     *
     * @throws ProgramFailure if it no longer moves
     */
    boolean hasReached(RecordEnds ends) {
        Map<Integer, Long> positions = cluster.positions(group, plan.getScoredTopic());
        List<Integer> behind = ends.behind(positions);
        if (!behind.isEmpty()) {
            patience.look(
                    positions,
                    () -> "plan " + plan.getName() + ": partition " + behind.get(0) + " of topic "
                            + plan.getScoredTopic());
        }
        return behind.isEmpty();
    }

    @Override
    public void close() {
        program.close();
    }
}
