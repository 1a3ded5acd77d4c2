package org.bandpass.selector;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows and keeps the cuts: list, show, freeze, diff, prune. */
@Command(
        name = "cuts",
        description = "Shows the versions of the cuts, freezes one into a plan, compares and deletes them.",
        subcommands = {
            CutsListCommand.class,
            CutsShowCommand.class,
            CutsFreezeCommand.class,
            CutsDiffCommand.class,
            CutsPruneCommand.class
        })
public final class CutsCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "what about the cuts? list, show, freeze, diff or prune");
    }
}
