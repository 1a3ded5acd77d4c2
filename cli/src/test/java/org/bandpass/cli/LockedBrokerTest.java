package org.bandpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.bandpass.cli.Experiment.Stage;
import org.bandpass.service.FolderLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A broker's folder belongs to one process, and all stages of a run have the same settings. */
class LockedBrokerTest {

    private record Said(int code, String err) {}

    @TempDir
    private Path folder;

    private static Said bandpass(String... arguments) {
        StringWriter err = new StringWriter();
        CommandLine line = Bandpass.commandLine(Map.of());
        line.setErr(new PrintWriter(err, true));
        line.setOut(new PrintWriter(new StringWriter()));
        return new Said(line.execute(arguments), err.toString());
    }

    private static String metadata(Path data) throws IOException {
        return Files.readString(data.resolve("meta.properties"))
                + Files.readString(data.resolve("__cluster_metadata-0/quorum-state"));
    }

    @Test
    void aSecondBrokerOnAFolderIsRefusedAndTheFirstGoesOn() throws Exception {
        String process = "in use by process " + ProcessHandle.current().pid();
        Path data = folder.resolve("run/broker");
        try (LockedBroker first = LockedBroker.start(data, "localhost", 0, Map.of(), "");
                Admin admin = Admin.create(first.broker().client())) {
            String before = metadata(data);

            Said broker = bandpass("broker", "--data", data.toString(), "--port", "0");

            assertThat(broker.code()).isEqualTo(Failures.FAILED);
            assertThat(broker.err()).contains(process);
            assertThat(metadata(data)).isEqualTo(before);
            admin.createTopics(List.of(new NewTopic("after", Optional.of(1), Optional.empty())))
                    .all()
                    .get();
        }
    }

    @Test
    void refusesASecondRunBeforeItWritesToTheFolder() throws Exception {
        String input = Files.writeString(folder.resolve("a.jsonl"), "{\"text\": \"a\"}\n")
                .toString();
        Path run = Files.createDirectory(folder.resolve("run"));
        new RunIdentity(List.of(input), List.of("high"), 0.5, 4, 17, 1).write(run);
        String[] words = {"run", "--input", input, "--out", run.toString(), "--bands", "high", "--resume"};
        try (FolderLock first = FolderLock.take(run)) {
            assertThat(first).isNotNull();

            Said second = bandpass(words);

            assertThat(second.code()).isEqualTo(Failures.FAILED);
            assertThat(second.err())
                    .contains("in use by process " + ProcessHandle.current().pid());
            assertThat(run.resolve("broker")).doesNotExist();
        }
    }

    @Test
    void theStagesOfARunTakeItsSettingsWithoutThoseOfAnotherCluster() throws Exception {
        RunSettings settings = RunSettings.of(Map.of(
                "BANDPASS_TOPIC_PREFIX", "mine.",
                "BANDPASS_TOPIC_PARTITIONS", "2",
                "BANDPASS_KAFKA_SECURITY_PROTOCOL", "SSL",
                "BANDPASS_KAFKA_BASIC_AUTH_USER_INFO", "me:secret"));
        try (LockedBroker broker = LockedBroker.start(folder.resolve("data"), "localhost", 0, Map.of(), "");
                Admin admin = Admin.create(broker.broker().client())) {
            String servers = broker.broker().bootstrapServers();

            int code = new StageRunner(folder.resolve("stages"), 1, settings.environment())
                    .run(new Stage("topics", "Topics", List.of("topics", "--bootstrap-servers", servers), null));

            assertThat(code).isZero();
            String own = settings.topics().documents().name();
            assertThat(own).isEqualTo("mine.documents");
            assertThat(admin.listTopics().names().get()).contains(own).noneMatch(name -> name.startsWith("bandpass."));
            assertThat(settings.leftOut()).containsExactly("BANDPASS_KAFKA_SECURITY_PROTOCOL");
            assertThat(settings.client(servers))
                    .containsEntry("bootstrap.servers", servers)
                    .doesNotContainKey("security.protocol")
                    .containsEntry("basic.auth.user.info", "me:secret");
        }
    }

    @Test
    void aMisspelledVariableStopsARunBeforeItBegins() throws IOException {
        String input = Files.writeString(folder.resolve("a.jsonl"), "{\"text\": \"a\"}\n")
                .toString();
        StringWriter err = new StringWriter();
        CommandLine line = Bandpass.commandLine(Map.of("BANDPASS_TOPIC_PREFX", "mine."));
        line.setErr(new PrintWriter(err, true));

        int code = line.execute(
                "run", "--input", input, "--out", folder.resolve("run").toString());

        assertThat(code).isEqualTo(Failures.CONFIGURATION);
        assertThat(err.toString()).contains("BANDPASS_TOPIC_PREFIX");
        assertThat(folder.resolve("run")).doesNotExist();
    }
}
