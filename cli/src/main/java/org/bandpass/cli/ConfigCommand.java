package org.bandpass.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.bandpass.console.LagCommand;
import org.bandpass.eval.EvalCommand;
import org.bandpass.ingest.IngestCommand;
import org.bandpass.scorer.ScoreCommand;
import org.bandpass.selector.CalibrateCommand;
import org.bandpass.service.Settings;
import org.bandpass.trainer.TrainCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints every setting with its default and meaning. */
@Command(
        name = "config",
        description =
                "Prints every setting with its default and meaning. Settings come from BANDPASS_… in the environment,"
                        + " --config FILE and --set KEY=VALUE; each wins over the one before.")
final class ConfigCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        sections().forEach((title, definition) -> {
            out.println("# " + title);
            for (ConfigKey key : definition.configKeys().values()) {
                out.println(key.name + "=" + key.defaultValue);
                out.println("    " + key.documentation);
            }
            out.println();
        });
        out.flush();
        return 0;
    }

    static Map<String, ConfigDef> sections() {
        Map<String, ConfigDef> sections = new LinkedHashMap<>();
        sections.put("all programs", Settings.common());
        sections.put("ingest", IngestCommand.settings());
        sections.put("score", ScoreCommand.settings());
        sections.put("calibrate, cuts, select, replay, audit", CalibrateCommand.settings());
        sections.put("tokenizer, train", TrainCommand.settings());
        sections.put("eval", EvalCommand.settings());
        sections.put("lag", LagCommand.settings());
        return sections;
    }
}
