package org.bandpass.selector.runtime;

import java.util.ArrayList;
import java.util.List;
import org.bandpass.service.ProgramOptions;
import picocli.CommandLine;

/** Settings as a command gets them. */
public final class TestSettings {

    @CommandLine.Command
    private static final class Holder {
        @CommandLine.Mixin
        private ProgramOptions options = new ProgramOptions();
    }

    private TestSettings() {}

    /** Parses assignments, KEY=VALUE each. */
    public static SelectorSettings of(String... assignments) {
        List<String> arguments = new ArrayList<>();
        for (String assignment : assignments) {
            arguments.addAll(List.of("--set", assignment));
        }
        Holder holder = new Holder();
        new CommandLine(holder).parseArgs(arguments.toArray(String[]::new));
        return SelectorSettings.of(holder.options.settings(SelectorSettings.definition()));
    }
}
