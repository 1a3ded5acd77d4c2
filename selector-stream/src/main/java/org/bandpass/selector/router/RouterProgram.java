package org.bandpass.selector.router;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.RecordEnds;
import org.bandpass.selector.runtime.Summary;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Progress;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;

/** Runs the routers of several plans at once, one application per plan. */
public final class RouterProgram {

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaCluster cluster;
    private final Path stateFolder;
    private final Telemetry telemetry;
    private final Stop stop;

    public RouterProgram(KafkaCluster cluster, Path stateFolder, Telemetry telemetry, Stop stop) {
        this.cluster = cluster;
        this.stateFolder = stateFolder;
        this.telemetry = telemetry;
        this.stop = stop;
    }

    /**
     * Routes until a stop is requested or, as a job, until all is routed that the scored topics hold now. Each live
     * plan starts when its own cuts have enough scores.
     *
     * @return what each router has sent
     * @throws ProgramFailure if a router fails, or a job is stopped or makes no progress before its end
     */
    public List<Summary> run(List<Plan> plans, boolean untilCaughtUp) {
        Map<String, RecordEnds> ends = new HashMap<>();
        plans.stream().map(Plan::getScoredTopic).distinct().forEach(topic -> prepare(topic, untilCaughtUp, ends));
        long began = System.nanoTime();
        Map<PlanRouter, RecordEnds> routers = new LinkedHashMap<>();
        for (Plan plan : plans) {
            RecordEnds end = ends.getOrDefault(plan.getScoredTopic(), new RecordEnds(Map.of()));
            if (!untilCaughtUp || !end.isEmpty()) {
                routers.put(new PlanRouter(cluster, plan, stateFolder, telemetry), end);
            }
        }
        boolean done;
        try (Progress progress = Progress.start("routing", "documents", 0)) {
            do {
                routers.keySet().forEach(PlanRouter::check);
                progress.at(routers.keySet().stream()
                        .mapToLong(router -> router.tally().documents())
                        .sum());
                done = untilCaughtUp
                        && routers.entrySet().stream()
                                        // All are asked: each has its own patience.
                                        .filter(each -> !each.getKey().hasReached(each.getValue()))
                                        .count()
                                == 0;
            } while (!done && !stop.await(POLL));
        } finally {
            routers.keySet().forEach(PlanRouter::close);
        }
        if (untilCaughtUp && !done) {
            throw new ProgramFailure("stopped before everything was routed; start it again to continue");
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        return routers.keySet().stream()
                .filter(PlanRouter::isStarted)
                .map(router -> router.tally().summary(cluster.topics().prefix(), seconds))
                .toList();
    }

    /** Only a job needs the end of a topic, which waits for open transactions. */
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
}
