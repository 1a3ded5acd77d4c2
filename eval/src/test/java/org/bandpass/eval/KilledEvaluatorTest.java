package org.bandpass.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.schemas.RunState.FINISHED;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.Clients;
import org.bandpass.service.Stop;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An evaluator in another process is killed with its results written and its transaction open. */
@Tag("slow")
class KilledEvaluatorTest {

    private static final String WRITTEN = "written";

    @TempDir
    private Path folder;

    @Test
    @Timeout(1_800)
    void losesAndDoublesNothingWhenItIsKilledBeforeTheCommit() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                EvalCluster cluster = new EvalCluster(broker)) {
            cluster.ingest(Texts.documents("prose", 10, 450));
            String model = Files.createDirectories(folder.resolve("a")).toString();
            cluster.train("control", FINISHED, model, "a");

            Process victim = child(cluster);
            try (BufferedReader output = victim.inputReader(StandardCharsets.UTF_8)) {
                assertThat(output.readLine()).isEqualTo(WRITTEN);
            } finally {
                // SIGKILL: no shutdown hook, no close, no abort.
                victim.destroyForcibly().waitFor();
            }
            assertThat(cluster.lag()).isPositive();

            FolderNames models = new FolderNames();
            try (Stop stop = Stop.byRequest()) {
                cluster.evaluator(models).follow(stop, true);
            }

            assertThat(cluster.written())
                    .extracting(Map.Entry::getKey)
                    .containsExactlyInAnyOrder("control/held-out/0-10", "control/cloze/0-10");
            assertThat(models.opened()).hasSize(1);
            cluster.requireNoLag();
        }
    }

    private Process child(EvalCluster cluster) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledEvaluatorTest.class.getName(),
                        String.valueOf(cluster.settings().kafka().get("bootstrap.servers")),
                        cluster.topics().prefix())
                .redirectError(new File(folder.toFile(), "child.log"))
                .start();
    }

    /** The child evaluates, writes, reports that, and waits inside the commit to be killed. */
    public static void main(String[] arguments) {
        EvalSettings settings = EvalSettingsTest.parse(
                "kafka.bootstrap.servers=" + arguments[0], "topic.prefix=" + arguments[1], "topic.partitions=2");
        try (Stop stop = Stop.byRequest()) {
            EvalCluster.evaluator(settings, new FolderNames(), id -> new StuckProducer(settings, id))
                    .follow(stop, false);
        }
    }

    private static final class StuckProducer extends KafkaProducer<byte[], byte[]> {

        StuckProducer(EvalSettings settings, String id) {
            super(config(settings, id), new ByteArraySerializer(), new ByteArraySerializer());
        }

        private static Map<String, Object> config(EvalSettings settings, String id) {
            Map<String, Object> config = Clients.producerConfig(settings.kafka(), settings.topics());
            config.putAll(Map.of("transactional.id", id, "transaction.timeout.ms", 10_000));
            return config;
        }

        @Override
        public void commitTransaction() {
            flush();
            System.out.println(WRITTEN);
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
