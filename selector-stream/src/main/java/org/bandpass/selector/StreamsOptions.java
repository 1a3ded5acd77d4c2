package org.bandpass.selector;

import java.nio.file.Path;
import java.time.Duration;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.selector.runtime.Summary;
import org.bandpass.service.ProgramOptions;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options of a command that runs Kafka Streams applications. */
final class StreamsOptions extends ProgramOptions {

    private static final Duration STOP_DEADLINE = Duration.ofSeconds(45);

    /** What a command does while it is connected. */
    interface Work {
        void run(KafkaCluster cluster, Telemetry telemetry, Stop stop);
    }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "Folder of local state; each application has a folder in it (default: ${DEFAULT-VALUE}).")
    private Path stateFolder = Path.of("bandpass-state");

    @Option(names = "--until-caught-up", description = "End when all that the scored topic holds now is processed.")
    private boolean untilCaughtUp;

    @Option(names = "--json", description = "Print the results as JSON, one object a line.")
    private boolean json;

    Path stateFolder() {
        return stateFolder;
    }

    boolean untilCaughtUp() {
        return untilCaughtUp;
    }

    void print(Summary summary) {
        summary.print(command.commandLine().getOut(), json);
    }

    /** Connects, works and disconnects; a signal requests the stop. A job gives up on a cluster that stays away. */
    void run(String program, Work work) {
        SelectorSettings settings = SelectorSettings.of(settings(SelectorSettings.definition()));
        Duration patience = untilCaughtUp ? settings.settings().outagePatience() : KafkaCluster.WITHOUT_END;
        try (Telemetry telemetry = telemetry(program);
                Stop stop = Stop.onSignal(STOP_DEADLINE);
                KafkaCluster cluster = KafkaCluster.open(settings, waitForTopics(), patience, stop)) {
            work.run(cluster, telemetry, stop);
        }
    }
}
