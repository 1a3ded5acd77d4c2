package org.bandpass.selector;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.router.RouterProgram;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;
import picocli.CommandLine.Option;

/** Options of the commands that route, mixed into them. */
final class RoutingOptions {

    @Option(names = "--until-caught-up", description = "End when all that the scored topic holds now is routed.")
    private boolean untilCaughtUp;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            defaultValue = CalibrateCommand.DEFAULT_STATE,
            description = "Folder of local state; each application has a folder in it (default: ${DEFAULT-VALUE}).")
    private Path stateFolder = Path.of(CalibrateCommand.DEFAULT_STATE);

    @Option(names = "--json", description = "Print one JSON object for each plan at the end.")
    private boolean json;

    boolean untilCaughtUp() {
        return untilCaughtUp;
    }

    /** Returns how long a cluster that does not answer is waited for. */
    Duration patience(SelectorSettings settings) {
        return untilCaughtUp ? settings.settings().outagePatience() : KafkaCluster.WITHOUT_END;
    }

    boolean json() {
        return json;
    }

    /** Routes and prints what was routed. */
    void route(
            List<Plan> plans,
            SelectorSettings settings,
            KafkaCluster cluster,
            Telemetry telemetry,
            Stop stop,
            PrintWriter out) {
        RouterProgram routing = new RouterProgram(settings, cluster, stateFolder, telemetry, stop);
        routing.run(plans, untilCaughtUp).forEach(result -> routing.print(result, json, out));
    }
}
