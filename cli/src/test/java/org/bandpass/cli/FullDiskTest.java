package org.bandpass.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.Topics;
import org.bandpass.service.ProgramFailure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker whose disk is full says so and ends; with space it continues with all that it acknowledged. */
@Tag("slow")
@Timeout(300)
class FullDiskTest {

    private static final String TOPIC = "t";

    @TempDir
    private Path folder;

    private Path disk = Path.of("");
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(
                command("mount", "-t", "tmpfs", "-o", "size=16m", "none", disk.toString()),
                "skipped: this user may not mount a small disk");
    }

    @AfterEach
    void unmount() throws Exception {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        command("umount", disk.toString());
    }

    private static boolean command(String... words) throws Exception {
        try {
            return new ProcessBuilder(words).inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private Process broker(int port, Path said) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Bandpass.class.getName(),
                        "broker",
                        "--data",
                        disk.resolve("data").toString(),
                        "--port",
                        Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        processes.add(process);
        return process;
    }

    private static long end(Admin admin) throws Exception {
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get()
                .offset();
    }

    @Test
    void saysThatNoSpaceIsLeftAndContinuesOnceThereIsSome() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Map<String, Object> client = Map.of(
                "bootstrap.servers",
                "localhost:" + port,
                "default.api.timeout.ms",
                120_000,
                "request.timeout.ms",
                5_000,
                "delivery.timeout.ms",
                10_000,
                "max.block.ms",
                10_000);
        Path said = folder.resolve("said");
        Process broker = broker(port, said);
        long written = 0;
        try (Admin admin = Admin.create(client)) {
            admin.createTopics(List.of(new NewTopic(TOPIC, Optional.of(1), Optional.empty())))
                    .all()
                    .get();
            written = writeUntilItFails(client);
        }
        assertThat(broker.waitFor(60, TimeUnit.SECONDS)).as("ended").isTrue();
        assertThat(broker.exitValue()).isEqualTo(1);
        assertThat(Files.readString(said))
                .contains("bandpass: the broker has failed: no space left on " + disk.resolve("data"))
                .contains("start it again on the same folder");

        assertThat(Explanation.of(
                                new ProgramFailure("stopped", new IOException("No space left on device")),
                                List.of(disk.resolve("state/deeper")))
                        .sentence())
                .isEqualTo("stopped: no space left on " + disk + "; free some, then start the command again");
        assertThat(command("mount", "-o", "remount,size=64m", disk.toString())).isTrue();
        broker(port, folder.resolve("said-again"));
        try (Admin admin = Admin.create(client)) {
            assertThat(end(admin)).as("what was acknowledged is there").isGreaterThanOrEqualTo(written);
        }
    }

    private static long writeUntilItFails(Map<String, Object> client) throws InterruptedException {
        byte[] noise = new byte[100_000];
        long written = 0;
        try (Producer<byte[], byte[]> producer = Clients.producer(client, Topics.withPrefix("t."))) {
            try {
                while (true) {
                    new Random(written).nextBytes(noise);
                    producer.send(new ProducerRecord<>(TOPIC, noise.clone())).get();
                    written++;
                }
            } catch (ExecutionException e) {
                producer.close(Duration.ZERO);
                return written;
            }
        }
    }
}
