package org.bandpass.selector;

import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.selector.runtime.Summary;
import org.bandpass.service.ClusterOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options of a command that reads the cluster and ends: its settings, and how it prints. */
final class SelectorOptions extends ClusterOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(names = "--json", description = "Print JSON, one object a line.")
    private boolean json;

    /** Connects to the cluster. Throws a ProgramFailure if no broker answers. */
    KafkaCluster connect() {
        return KafkaCluster.open(SelectorSettings.of(settings(SelectorSettings.definition())));
    }

    /** Prints a line above the others; JSON has none. */
    void heading(String line) {
        if (!json) {
            command.commandLine().getOut().println(line);
        }
    }

    void print(Summary summary) {
        summary.print(command.commandLine().getOut(), json);
    }
}
