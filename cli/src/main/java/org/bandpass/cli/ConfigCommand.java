package org.bandpass.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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

/** Prints a settings file: every setting with its meaning, commented out at its default. */
@Command(
        name = "config",
        description = {
            "Prints a settings file: every setting with its meaning, commented out at its default. Any command takes the"
                    + " file with --config FILE.",
            "Settings come from BANDPASS_… in the environment, --config FILE and --set KEY=VALUE; each wins over the one"
                    + " before."
        })
final class ConfigCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        sections().forEach((title, definition) -> {
            out.println("# == " + title + " ==");
            out.println();
            for (ConfigKey key : definition.configKeys().values()) {
                out.println("# " + key.documentation);
                out.println("#" + key.name + "=" + value(key));
                out.println();
            }
        });
        out.println("# == Kafka's clients ==");
        out.println();
        out.println(
                "# Any setting of Kafka's consumers, producers, admin clients and Streams, with 'kafka.' before it.");
        out.println("#kafka.bootstrap.servers=localhost:9092");
        out.flush();
        return 0;
    }

    /** Returns a default as a properties file spells it. */
    private static String value(ConfigKey key) {
        String text = ConfigDef.convertToString(key.defaultValue, key.type);
        return text == null
                ? ""
                : text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t");
    }

    static Set<String> keys() {
        return sections().values().stream()
                .flatMap(definition -> definition.names().stream())
                .collect(Collectors.toSet());
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
