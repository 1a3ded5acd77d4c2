package org.bandpass.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class ClusterOptionsTest {

    @Command
    private static final class Line {
        @Mixin
        private ClusterOptions options = new ClusterOptions();
    }

    @TempDir
    private Path folder;

    private static Object servers(Map<String, String> environment, String... arguments) {
        Line line = new Line();
        line.options.environment(environment);
        new CommandLine(line).parseArgs(arguments);
        return line.options.settings(new ConfigDef()).kafka().get("bootstrap.servers");
    }

    @Test
    void prefersTheCommandLineThenTheFileThenTheEnvironmentThenTheDefault() throws Exception {
        Map<String, String> environment = Map.of("BANDPASS_KAFKA_BOOTSTRAP_SERVERS", "env:1");
        String file = Files.writeString(folder.resolve("settings"), "kafka.bootstrap.servers=file:1\n")
                .toString();

        assertThat(servers(Map.of())).isEqualTo("localhost:9092");
        assertThat(servers(environment)).isEqualTo("env:1");
        assertThat(servers(environment, "-c", file)).isEqualTo("file:1");
        assertThat(servers(environment, "-c", file, "--bootstrap-servers", "option:1"))
                .isEqualTo("option:1");
        assertThat(servers(environment, "-c", file, "--set", "kafka.bootstrap.servers=set:1"))
                .isEqualTo("set:1");
    }

    @Test
    void refusesContradictoryBrokers() {
        assertThat(servers(Map.of(), "--bootstrap-servers", "a:1", "--set", "kafka.bootstrap.servers=a:1"))
                .isEqualTo("a:1");
        assertThatThrownBy(
                        () -> servers(Map.of(), "--bootstrap-servers", "a:1", "--set", "kafka.bootstrap.servers=b:1"))
                .as("exit 2")
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("a:1")
                .hasMessageContaining("b:1");
    }
}
