package org.bandpass.selector;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.service.ProgramOptions;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options of a command that runs Kafka Streams applications: those of every program, and where their state is. */
class StreamsOptions extends ProgramOptions {

    private static final String DEFAULT_STATE = "bandpass-state";
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
            defaultValue = DEFAULT_STATE,
            description = "Folder of local state; each application has a folder in it (default: ${DEFAULT-VALUE}).")
    private Path stateFolder = Path.of(DEFAULT_STATE);

    final Path stateFolder() {
        return stateFolder;
    }

    final PrintWriter out() {
        return command.commandLine().getOut();
    }

    /**
     * Connects, works and disconnects; a signal requests the stop.
     *
     * @param program name of the program in its metrics
     * @param ends whether it ends by itself, and so gives up on a cluster that stays away
     */
    final void run(String program, boolean ends, Work work) {
        SelectorSettings settings = SelectorSettings.of(this);
        Duration patience = ends ? settings.settings().outagePatience() : KafkaCluster.WITHOUT_END;
        try (Telemetry telemetry = telemetry(program);
                Stop stop = Stop.onSignal(STOP_DEADLINE);
                KafkaCluster cluster = KafkaCluster.open(settings, waitForTopics(), patience, stop)) {
            work.run(cluster, telemetry, stop);
        }
    }
}
