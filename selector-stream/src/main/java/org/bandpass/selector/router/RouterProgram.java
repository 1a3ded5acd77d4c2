package org.bandpass.selector.router;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.cuts.CutsArchive;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.RecordEnds;
import org.bandpass.selector.runtime.SelectorJson;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Progress;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;

/** Runs the routers of several plans at once, each an application of its own. */
public final class RouterProgram {

    private static final Duration POLL = Duration.ofMillis(100);

    private final SelectorSettings settings;
    private final KafkaCluster cluster;
    private final Path stateFolder;
    private final Telemetry telemetry;
    private final Stop stop;

    public RouterProgram(
            SelectorSettings settings, KafkaCluster cluster, Path stateFolder, Telemetry telemetry, Stop stop) {
        this.settings = settings;
        this.cluster = cluster;
        this.stateFolder = stateFolder;
        this.telemetry = telemetry;
        this.stop = stop;
    }

    /**
     * What a router did.
     *
     * @param plan its plan
     * @param tally what it sent
     * @param seconds wall time
     */
    public record Result(Plan plan, RouterTally tally, double seconds) {}

    /**
     * Routes until a stop is requested or, as a job, until all is routed that the scored topics hold now. A live plan
     * begins when its cuts are warm, whatever the others do.
     *
     * @throws ProgramFailure if a router stops, or a job is stopped or stands still before its end
     */
    public List<Result> run(List<Plan> plans, boolean untilCaughtUp) {
        Map<String, RecordEnds> ends = new HashMap<>();
        plans.stream().map(Plan::getScoredTopic).distinct().forEach(topic -> prepare(topic, untilCaughtUp, ends));
        long began = System.nanoTime();
        CutsArchive archive = CutsArchive.of(cluster, settings);
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
        return routers.stream()
                .map(router -> new Result(router.plan(), router.tally(), seconds))
                .toList();
    }

    /** A job's end is taken once; a topic whose transactions are open is no reason for a follower to wait. */
    private void prepare(String scoredTopic, boolean untilCaughtUp, Map<String, RecordEnds> ends) {
        cluster.require(scoredTopic);
        cluster.ensure(List.of(settings.topics().scored(scoredTopic)));
        if (!untilCaughtUp) {
            if (cluster.isEmpty(scoredTopic)) {
                System.err.println("topic " + scoredTopic + " is empty; waiting for scored documents");
            }
        } else {
            RecordEnds end = cluster.ends(scoredTopic);
            ends.put(scoredTopic, end);
            if (end.isEmpty()) {
                System.err.println("nothing to do: topic " + scoredTopic + " holds no scored documents");
            }
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
            routers.add(PlanRouter.start(settings, cluster, each.plan(), stateFolder, telemetry));
        }
    }

    private static boolean isDone(List<WarmUp> cold, List<PlanRouter> routers, Map<String, RecordEnds> ends) {
        cold.forEach(WarmUp::expectProgress);
        return cold.isEmpty() && routers.stream().allMatch(router -> router.hasReached(endsOf(router.plan(), ends)));
    }

    /** Prints what a router did, a JSON object or lines. */
    public void print(Result result, boolean json, PrintWriter out) {
        if (json) {
            SelectorJson.print(out, json(result));
            return;
        }
        RouterTally tally = result.tally();
        out.printf(
                Locale.ROOT,
                "plan %s: %,d documents ranked in %s%n",
                result.plan().getName(),
                tally.documents(),
                Progress.duration(result.seconds()));
        for (RouterTally.OfBand band : tally.bands()) {
            out.printf(
                    Locale.ROOT,
                    "  %-12s %,d documents, %,d tokens, %,d bytes%n",
                    band.band().getName(),
                    band.documents().sum(),
                    band.tokens().sum(),
                    band.bytes().sum());
        }
        if (tally.otherModels() > 0) {
            out.printf(
                    Locale.ROOT, "  %,d documents were scored by other models and passed over%n", tally.otherModels());
        }
        out.flush();
    }

    private ObjectNode json(Result result) {
        Plan plan = result.plan();
        RouterTally tally = result.tally();
        ObjectNode node = SelectorJson.object().put("plan", plan.getName());
        ArrayNode bands = node.putArray("bands");
        for (RouterTally.OfBand band : tally.bands()) {
            bands.addObject()
                    .put("name", band.band().getName())
                    .put(
                            "topic",
                            settings.topics()
                                    .band(plan.getName(), band.band().getName())
                                    .name())
                    .put("documents", band.documents().sum())
                    .put("tokens", band.tokens().sum())
                    .put("bytes", band.bytes().sum());
        }
        return node.put("documents", tally.documents())
                .put("otherModels", tally.otherModels())
                .put("seconds", result.seconds())
                .put("documentsPerSecond", tally.documents() / Math.max(result.seconds(), 1e-9));
    }
}
