package org.bandpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Wrong input: one clear line, the right exit code, and nothing is started. */
class BadInputTest {

    private record Said(int code, String err) {}

    @TempDir
    private Path folder;

    private static Said bandpass(String... arguments) {
        StringWriter err = new StringWriter();
        CommandLine line = Bandpass.commandLine();
        line.setErr(new PrintWriter(err, true));
        line.setOut(new PrintWriter(new StringWriter()));
        return new Said(line.execute(arguments), err.toString());
    }

    private String out(String name) {
        return folder.resolve(name).toString();
    }

    @Test
    void aMissingFileIsSaidBeforeAnythingBegins() {
        Said said = bandpass("run", "--input", out("nowhere.jsonl"), "--out", out("run"));

        assertThat(said.code()).isEqualTo(Failures.FAILED);
        assertThat(said.err())
                .contains("nowhere.jsonl")
                .contains("nothing was started")
                .doesNotContain("\tat ");
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void aFolderWithSomethingInItIsNotMixedWithANewRun() throws IOException {
        Path file = Files.writeString(folder.resolve("a.jsonl"), "{\"text\": \"a\"}\n");
        Files.createDirectory(folder.resolve("run"));
        Files.writeString(folder.resolve("run/notes.txt"), "mine");

        Said said = bandpass("run", "--input", file.toString(), "--out", out("run"));

        assertThat(said.code()).isEqualTo(Failures.FAILED);
        assertThat(said.err()).contains("not empty").contains("--resume");
        assertThat(folder.resolve("run/notes.txt")).hasContent("mine");
        assertThat(bandpass("run", "--input", file.toString(), "--out", out("run"), "--resume")
                        .err())
                .contains("holds no run");
    }

    @Test
    void aRunIsResumedAsItWasBegunOrNotAtAll() throws IOException {
        String file = Files.writeString(folder.resolve("a.jsonl"), "{\"text\": \"a\"}\n")
                .toString();
        Path run = Files.createDirectory(folder.resolve("run"));
        new RunIdentity(java.util.List.of(file), java.util.List.of("high"), 0.5, 4, 17, 1).write(run);

        Said said = bandpass(
                "run", "--input", file, "--out", run.toString(), "--bands", "high", "--rate", "0.25", "--resume");

        assertThat(said.code()).isEqualTo(Failures.FAILED);
        assertThat(said.err()).contains("other settings");
    }

    @Test
    void aPortInUseIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Said broker = bandpass("broker", "--port", port, "--data", out("data"));
            assertThat(broker.code()).isEqualTo(Failures.FAILED);
            assertThat(broker.err()).contains("port " + port).contains("--port");

            String file = Files.writeString(folder.resolve("a.jsonl"), "{\"text\": \"a\"}\n")
                    .toString();
            Said run = bandpass("run", "--input", file, "--out", out("run"), "--port", port);
            assertThat(run.code()).isEqualTo(Failures.FAILED);
            assertThat(run.err()).contains("port " + port);
        }
    }

    @Test
    void anUnknownOptionIsAUsageError() {
        Said said = bandpass("run", "--speed", "9");

        assertThat(said.code()).isEqualTo(Failures.USAGE);
        assertThat(said.err()).contains("--speed").contains("bandpass run --help");
        assertThat(bandpass().code()).isEqualTo(Failures.USAGE);
        assertThat(bandpass("rum").err()).contains("rum").contains("run");
        assertThat(bandpass("run", "--bands", "low,loud").err()).contains("loud");
    }

    @Test
    void aSettingThatCannotBeIsAConfigurationError() {
        assertThat(bandpass("run", "--rate", "1.5").code()).isEqualTo(Failures.CONFIGURATION);
        assertThat(bandpass("run", "--minutes", "0").code()).isEqualTo(Failures.CONFIGURATION);
        Said partitions = bandpass("topics", "--set", "topic.partitions=0");
        assertThat(partitions.code()).isEqualTo(Failures.CONFIGURATION);
        assertThat(partitions.err()).contains("topic.partitions").contains("0");
        Said unknown = bandpass("topics", "--set", "topic.partition=6");
        assertThat(unknown.code()).isEqualTo(Failures.CONFIGURATION);
        assertThat(unknown.err()).contains("topic.partition").contains("topic.partitions");
    }

    @Test
    void aStackTraceComesOnlyWhenAskedFor() {
        assertThat(bandpass("run", "--input", out("no"), "--out", out("run"), "--verbose")
                        .err())
                .contains("\tat ");
    }

    @Test
    void everyCommandHasHelpInTheWordsOfThePicture() {
        CommandLine line = Bandpass.commandLine();
        line.getSubcommands()
                .forEach((name, command) -> assertThat(command.getUsageMessage())
                        .as(name)
                        .contains("Usage: bandpass " + name)
                        .doesNotContain("null"));
        assertThat(line.getUsageMessage()).contains("ingest ─▶ documents");
    }
}
