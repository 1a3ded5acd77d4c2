package org.bandpass.selector.router;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.cuts.CutsArchive;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.RecordEnds;
import org.bandpass.selector.runtime.Summary;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Progress;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;

/** Runs the routers of several plans at once, each an application of its own. */
public final class RouterProgram {

    /** Name of the program in topics, groups and metrics. */
    public static final String NAME = PlanRouter.PROGRAM;

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaCluster cluster;
    private final Path stateFolder;
    private final Telemetry telemetry;
    private final Stop stop;

    /** Makes a program that {@code stop} ends; {@code stateFolder} holds a folder for each application. */
    public RouterProgram(KafkaCluster cluster, Path stateFolder, Telemetry telemetry, Stop stop) {
        this.cluster = cluster;
        this.stateFolder = stateFolder;
        this.telemetry = telemetry;
        this.stop = stop;
    }

    /**
     * Routes until a stop is requested or, as a job, until all is routed that the scored topics hold now. A live plan
     * begins when its cuts are warm, whatever the others do.
     *
     * @return what each router has sent
     * @throws ProgramFailure if a router stops, or a job is stopped or makes no progress before its end
     */
    public List<Summary> run(List<Plan> plans, boolean untilCaughtUp) {
        Map<String, RecordEnds> ends = new HashMap<>();
        plans.stream().map(Plan::getScoredTopic).distinct().forEach(topic -> prepare(topic, untilCaughtUp, ends));
        long began = System.nanoTime();
        CutsArchive archive = CutsArchive.of(cluster);
        List<WarmUp> cold = new ArrayList<>(plans.stream()
                .filter(plan -> !untilCaughtUp || !endsOf(plan, ends).isEmpty())
                .map(plan -> new WarmUp(archive, plan))
                .toList());
        List<PlanRouter> routers = new ArrayList<>();
        boolean done;
        try (Progress progress = Progress.start("routing", "documents", 0)) {
            do {
                start(cold, routers);
                progress.at(routers.stream()
                        .mapToLong(router -> router.tally().documents())
                        .sum());
                done = untilCaughtUp && isDone(cold, routers, ends);
            } while (!done && !stop.await(POLL));
        } finally {
            routers.forEach(PlanRouter::close);
        }
        if (untilCaughtUp && !done) {
            throw new ProgramFailure("stopped before everything was routed; start again to continue");
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        return routers.stream().map(router -> summary(router, seconds)).toList();
    }

    /** A job takes the end once. A follower takes none, so it need not wait for open transactions. */
    private void prepare(String scoredTopic, boolean untilCaughtUp, Map<String, RecordEnds> ends) {
        cluster.require(scoredTopic);
        cluster.ensure(List.of(cluster.topics().scored(scoredTopic)));
        if (untilCaughtUp) {
            RecordEnds end = cluster.ends(scoredTopic);
            ends.put(scoredTopic, end);
            if (end.isEmpty()) {
                System.err.println("nothing to do: topic " + scoredTopic + " holds no scored documents");
            }
        } else if (cluster.isEmpty(scoredTopic)) {
            System.err.println("topic " + scoredTopic + " is empty; waiting for scored documents");
        }
    }

    private static RecordEnds endsOf(Plan plan, Map<String, RecordEnds> ends) {
        return Objects.requireNonNull(ends.get(plan.getScoredTopic()));
    }

    private void start(List<WarmUp> cold, List<PlanRouter> routers) {
        routers.forEach(PlanRouter::check);
        List<WarmUp> warm = cold.stream().filter(WarmUp::isOver).toList();
        cold.removeAll(warm);
        for (WarmUp each : warm) {
            routers.add(new PlanRouter(cluster, each.plan(), stateFolder, telemetry));
        }
    }

    private static boolean isDone(List<WarmUp> cold, List<PlanRouter> routers, Map<String, RecordEnds> ends) {
        cold.forEach(WarmUp::expectProgress);
        return cold.isEmpty() && routers.stream().allMatch(router -> router.hasReached(endsOf(router.plan(), ends)));
    }

    private Summary summary(PlanRouter router, double seconds) {
        String plan = router.plan().getName();
        RouterTally tally = router.tally();
        ObjectNode json = Summary.object().put("plan", plan);
        ArrayNode bands = json.putArray("bands");
        StringBuilder text = new StringBuilder(Summary.format(
                "plan %s: %,d documents ranked in %s", plan, tally.documents(), Progress.duration(seconds)));
        for (RouterTally.OfBand band : tally.bands()) {
            Amount amount = band.amount();
            amount.putInto(bands.addObject()
                    .put("name", band.name())
                    .put("topic", cluster.topics().band(plan, band.name()).name()));
            text.append(Summary.format("%n  %-12s %s", band.name(), amount));
        }
        if (tally.otherModels() > 0) {
            text.append(Summary.format(
                    "%n  %,d documents were scored by other models and passed over", tally.otherModels()));
        }
        json.put("documents", tally.documents())
                .put("otherModels", tally.otherModels())
                .put("seconds", seconds)
                .put("documentsPerSecond", tally.documents() / Math.max(seconds, 1e-9));
        return new Summary(json, text.toString());
    }
}
