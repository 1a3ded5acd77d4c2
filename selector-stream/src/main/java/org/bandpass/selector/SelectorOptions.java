package org.bandpass.selector;

import java.io.PrintWriter;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.service.ClusterOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Options of a command that looks at the cluster and ends: settings, the cluster they name, and where to print. */
final class SelectorOptions extends ClusterOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    /**
     * Connects to the cluster.
     *
     * @throws org.bandpass.service.ProgramFailure if no broker answers
     */
    KafkaCluster connect() {
        return KafkaCluster.open(SelectorSettings.of(this));
    }

    PrintWriter out() {
        return command.commandLine().getOut();
    }
}
