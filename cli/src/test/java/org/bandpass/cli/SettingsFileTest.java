package org.bandpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigDef;
import org.bandpass.service.ClusterOptions;
import org.bandpass.service.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A settings file, read and printed by the whole command. */
class SettingsFileTest {

    private record Said(int code, String out, String err) {}

    @Command
    private static final class Line {
        @Mixin
        private ClusterOptions options = new ClusterOptions();
    }

    @TempDir
    private Path folder;

    private static Said bandpass(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Bandpass.commandLine(environment);
        line.setErr(new PrintWriter(err, true));
        line.setOut(new PrintWriter(out));
        return new Said(line.execute(arguments), out.toString(), err.toString());
    }

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("bandpass.properties"), text).toString();
    }

    private static Settings read(ConfigDef program, String file) {
        Line line = new Line();
        line.options.environment(Map.of());
        line.options.know(ConfigCommand.keys(), Set.of());
        new CommandLine(line).parseArgs("--config", file);
        return line.options.settings(program);
    }

    @Test
    void whatConfigPrintsIsAFileThatEveryProgramReads() throws IOException {
        String printed = bandpass(Map.of(), "config").out();
        for (ConfigDef program : ConfigCommand.sections().values()) {
            ConfigDef own = new ConfigDef();
            program.configKeys().values().stream()
                    .filter(key -> !Settings.common().names().contains(key.name))
                    .forEach(own::define);
            Map<String, String> defaults = read(own, file("")).effective();

            assertThat(read(own, file(printed)).effective()).isEqualTo(defaults);
            String commented = printed.replaceAll("(?m)^#(?=[a-z])", "");
            assertThat(commented).contains("\ntopic.prefix=bandpass.\n");
            assertThat(read(own, file(commented)).effective())
                    .as("with every line commented in")
                    .isEqualTo(defaults);
        }
    }

    @Test
    void aMisspelledKeyOfAnyProgramIsAnErrorInAFileAndInTheEnvironment() throws IOException {
        for (String key : ConfigCommand.keys()) {
            String wrong = key + "s";
            Said said = bandpass(Map.of(), "topics", "--config", file(wrong + "=1\n"));
            assertThat(said.code()).as(key).isEqualTo(Failures.CONFIGURATION);
            assertThat(said.err()).contains("'" + wrong + "'").contains("'" + key + "'");
        }
        Said said = bandpass(Map.of("BANDPASS_SCORER_FLIGHT_MAX_TOKEN", "1"), "topics");
        assertThat(said.code()).isEqualTo(Failures.CONFIGURATION);
        assertThat(said.err()).contains("BANDPASS_SCORER_FLIGHT_MAX_TOKENS");
    }

    @Test
    void aSettingThatKeepsExactlyOnceIsNotTheUsers() throws IOException {
        Said said = bandpass(Map.of(), "topics", "--config", file("kafka.enable.auto.commit=true\n"));

        assertThat(said.code()).isEqualTo(Failures.CONFIGURATION);
        assertThat(said.err()).contains("kafka.enable.auto.commit is always false");
    }

    @Test
    void twoDifferentBrokersAreAUsageError() {
        Said said = bandpass(Map.of(), "topics", "--bootstrap-servers", "a:1", "--set", "kafka.bootstrap.servers=b:1");

        assertThat(said.code()).isEqualTo(Failures.USAGE);
        assertThat(said.err()).contains("a:1").contains("b:1");
    }

    @Test
    void onlyProgramsThatServeMetricsTakeAPortForThem() {
        TreeSet<String> with = new TreeSet<>();
        List<CommandLine> commands = new ArrayList<>(List.of(Bandpass.commandLine()));
        while (!commands.isEmpty()) {
            CommandLine command = commands.remove(0);
            commands.addAll(command.getSubcommands().values());
            if (command.getCommandSpec().findOption("--metrics-port") != null) {
                with.add(command.getCommandSpec().qualifiedName(" "));
            }
        }

        assertThat(with)
                .containsExactly(
                        "bandpass calibrate",
                        "bandpass eval",
                        "bandpass ingest",
                        "bandpass replay",
                        "bandpass score",
                        "bandpass select",
                        "bandpass tokenizer",
                        "bandpass train");
    }
}
