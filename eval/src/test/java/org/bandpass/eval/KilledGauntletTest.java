package org.bandpass.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.schemas.RunState.FINISHED;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.languagemodel.ContinuationModel.ContinuationScore;
import org.bandpass.languagemodel.ContinuationModel.Question;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.EvaluationRow;
import org.bandpass.service.Stop;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An evaluator in another process is killed in the middle of the gauntlet, with rows written and its transaction open. */
@Tag("slow")
class KilledGauntletTest {

    private static final String WRITTEN = "written";

    @TempDir
    private Path folder;

    @Test
    @Timeout(1_800)
    void scoresEveryRowOnceWhenItIsKilledInTheMiddle() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                EvalCluster killed = new EvalCluster(broker);
                EvalCluster whole = new EvalCluster(broker)) {
            Gauntlet gauntlet = GauntletFiles.written(folder);
            String model = Files.createDirectories(folder.resolve("a")).toString();
            for (EvalCluster cluster : List.of(killed, whole)) {
                cluster.ingest(Texts.documents("prose", 10, 450));
                cluster.train("control", FINISHED, model, "a");
            }
            follow(whole.evaluator(new FolderNames(), gauntlet, "eval.rows.per.record=64"));

            Process victim = child(killed);
            try (BufferedReader output = victim.inputReader(StandardCharsets.UTF_8)) {
                assertThat(output.readLine()).isEqualTo(WRITTEN);
            } finally {
                // SIGKILL: no shutdown hook, no close, no abort.
                victim.destroyForcibly().waitFor();
            }
            assertThat(killed.gauntletRows()).hasSize(135);
            assertThat(killed.lag()).isPositive();

            follow(killed.evaluator(new FolderNames(), gauntlet, "eval.rows.per.record=64"));

            assertThat(killed.gauntletRows())
                    .hasSize(207)
                    .allSatisfy((row, times) -> assertThat(times).isEqualTo(1));
            assertThat(rows(killed)).isEqualTo(rows(whole));
            killed.requireNoLag();
        }
    }

    private static void follow(Evaluator evaluator) {
        try (Stop stop = Stop.byRequest()) {
            evaluator.follow(stop, true);
        }
    }

    /** Returns the rows of all tasks by key of their record. */
    private static Map<String, List<EvaluationRow>> rows(EvalCluster cluster) {
        Map<String, List<EvaluationRow>> rows = new HashMap<>();
        cluster.evaluations().forEach((key, result) -> rows.put(key, result.getRows()));
        return rows;
    }

    private Process child(EvalCluster cluster) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledGauntletTest.class.getName(),
                        String.valueOf(cluster.settings().kafka().get("bootstrap.servers")),
                        cluster.topics().prefix(),
                        folder.toString())
                .redirectError(new File(folder.toFile(), "child.log"))
                .start();
    }

    /** The child writes a task and the first chunk of another, then the second chunk; reports it and waits to be killed. */
    public static void main(String[] arguments) {
        EvalSettings settings = EvalSettingsTest.parse(
                "kafka.bootstrap.servers=" + arguments[0],
                "topic.prefix=" + arguments[1],
                "topic.partitions=2",
                "eval.rows.per.record=64");
        CountDownLatch firstChunk = new CountDownLatch(1);
        try (Stop stop = Stop.byRequest()) {
            EvalCluster.evaluator(
                            settings,
                            GauntletFiles.open(Path.of(arguments[2]), null),
                            new Waiting(firstChunk),
                            id -> new StuckProducer(settings, id, firstChunk))
                    .follow(stop, false);
        }
    }

    /** Models that score the second chunk of the second task after the first one was committed. */
    private static final class Waiting extends FolderNames {

        private final CountDownLatch firstChunk;

        Waiting(CountDownLatch firstChunk) {
            this.firstChunk = firstChunk;
        }

        @Override
        ByteModel make(String revision) {
            return new ByteModel(revision) {

                private int asked;

                @Override
                public List<List<ContinuationScore>> score(List<Question> questions, int batchTokens) {
                    if (asked++ == 2) {
                        await(firstChunk);
                    }
                    return super.score(questions, batchTokens);
                }
            };
        }
    }

    /** Commits the first chunk of the second task; the transaction with the next one is never decided. */
    private static final class StuckProducer extends KafkaProducer<byte[], byte[]> {

        private final CountDownLatch firstChunk;
        private boolean first;
        private boolean second;

        StuckProducer(EvalSettings settings, String id, CountDownLatch firstChunk) {
            super(config(settings, id), new ByteArraySerializer(), new ByteArraySerializer());
            this.firstChunk = firstChunk;
        }

        private static Map<String, Object> config(EvalSettings settings, String id) {
            Map<String, Object> config = Clients.producerConfig(settings.kafka(), settings.topics());
            config.putAll(Map.of("transactional.id", id, "transaction.timeout.ms", 10_000));
            return config;
        }

        @Override
        public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            first |= key.endsWith("/sky/0-shot/64-128");
            second |= key.endsWith("/sky/0-shot/128-192");
            return super.send(record);
        }

        @Override
        public void commitTransaction() {
            if (second) {
                flush();
                System.out.println(WRITTEN);
                await(new CountDownLatch(1));
            }
            super.commitTransaction();
            if (first) {
                firstChunk.countDown();
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
