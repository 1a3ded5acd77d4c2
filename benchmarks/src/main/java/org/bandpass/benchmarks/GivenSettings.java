package org.bandpass.benchmarks;

import org.apache.kafka.common.config.ConfigDef;
import org.bandpass.service.ClusterOptions;
import org.bandpass.service.Settings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Settings of a program as its command line would make them. */
public final class GivenSettings {

    @Command
    private static final class Line {
        @Mixin
        private ClusterOptions options = new ClusterOptions();
    }

    private GivenSettings() {}

    /** Returns the settings that a program has with these options. */
    public static Settings of(ConfigDef definition, String... options) {
        Line line = new Line();
        new CommandLine(line).parseArgs(options);
        return line.options.settings(definition);
    }
}
