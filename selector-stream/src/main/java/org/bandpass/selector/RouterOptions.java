package org.bandpass.selector;

import java.util.List;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.router.RouterProgram;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;
import picocli.CommandLine.Option;

/** Options of the commands that route, mixed into them. */
final class RouterOptions extends StreamsOptions {

    @Option(names = "--until-caught-up", description = "End when all that the scored topic holds now is routed.")
    private boolean untilCaughtUp;

    @Option(names = "--json", description = "Print one JSON object for each plan at the end.")
    private boolean json;

    boolean untilCaughtUp() {
        return untilCaughtUp;
    }

    boolean json() {
        return json;
    }

    void run(Work work) {
        run(RouterProgram.NAME, untilCaughtUp, work);
    }

    /** Routes and prints what was routed. */
    void route(List<Plan> plans, KafkaCluster cluster, Telemetry telemetry, Stop stop) {
        new RouterProgram(cluster, stateFolder(), telemetry, stop)
                .run(plans, untilCaughtUp)
                .forEach(summary -> summary.print(out(), json));
    }
}
