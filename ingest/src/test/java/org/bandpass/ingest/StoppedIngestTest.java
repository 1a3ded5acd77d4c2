package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.sources.SampleFiles.bytes;
import static org.bandpass.sources.SampleFiles.lines;
import static org.bandpass.sources.SampleFiles.write;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.service.ProgramFailure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An ingest that is stopped, or replaced by another of its name, leaves nothing half done. */
@Timeout(300)
class StoppedIngestTest {

    private static final int RECORDS = 4_000;

    @TempDir
    private Path folder;

    private final Children children = new Children();

    @AfterEach
    void killChildren() {
        children.close();
    }

    @Test
    void fencesAnotherOfTheSameName() throws Exception {
        Path file = write(folder.resolve("a.jsonl"), lines("a", 0, RECORDS));
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                IngestCluster cluster = new IngestCluster(broker)) {
            CompletableFuture<CommandRun> first = slow(cluster, file);
            cluster.awaitWritten(30, () -> !first.isDone());

            CommandRun second = cluster.ingest(file, "--json");
            CommandRun fenced = first.join();

            assertThat(fenced.code()).isEqualTo(1);
            assertThat(fenced.thrown())
                    .isInstanceOf(ProgramFailure.class)
                    .hasMessageContaining("another ingest with the name 'default' has begun and takes over");
            assertThat(second.code()).as(second.talk()).isZero();
            assertThat(second.talk()).contains("resumes at record ");
            assertThat(second.summary().path("ingested").asInt()).isBetween(1, RECORDS - 1);
            assertThat(cluster.documents()).hasSize(RECORDS).doesNotHaveDuplicates();
        }
    }

    @Test
    void letsAnotherNameIngestBesideIt() throws Exception {
        Path file = write(folder.resolve("a.jsonl"), lines("a", 0, 1_000));
        Path other = write(folder.resolve("b.jsonl"), lines("b", 0, 1_000));
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                IngestCluster cluster = new IngestCluster(broker)) {
            CompletableFuture<CommandRun> first = slow(cluster, file);
            cluster.awaitWritten(30, () -> !first.isDone());

            CommandRun second = cluster.ingest(other, "--name", "other");

            assertThat(second.code()).as(second.talk()).isZero();
            assertThat(first.join().code()).isZero();
            assertThat(cluster.documents()).hasSize(2_000).doesNotHaveDuplicates();
        }
    }

    /** Progress after an open transaction of another name cannot be read yet, but is not missing. */
    @Test
    void waitsForTheTransactionsOfOthers() throws Exception {
        Path file = write(folder.resolve("a.jsonl"), lines("a", 0, 400));
        Map<String, String> impatient = Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), "localhost", 0, impatient);
                IngestCluster cluster = new IngestCluster(broker)) {
            CompletableFuture<CommandRun> first = slow(cluster, file);
            cluster.awaitWritten(30, () -> !first.isDone());
            Map<String, Object> client = new HashMap<>(broker.client());
            client.put("transaction.timeout.ms", 6_000);
            try (Producer<byte[], byte[]> other = Clients.transactional(
                    client, cluster.topics(), cluster.topics().group("ingest.other"))) {
                other.initTransactions();
                other.beginTransaction();
                for (TopicSpec topic :
                        List.of(cluster.topics().documents(), cluster.topics().ingestProgress())) {
                    other.send(new ProducerRecord<>(topic.name(), 0, bytes("never committed"), bytes("nor read")));
                }
                other.flush();
                assertThat(first.join().code()).isZero();

                // Ends when the broker has aborted the other's transaction.
                CommandRun second = cluster.ingest(file, "--json", "--set", "ingest.duplicates.window=0");

                assertThat(second.code()).as(second.talk()).isZero();
                assertThat(second.summary().path("filesSkipped").asInt()).isEqualTo(1);
                assertThat(cluster.documents()).hasSize(400).doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void finishesTheTransactionAndGoesOnInASecondRun() throws Exception {
        Path file = write(folder.resolve("a.jsonl"), lines("a", 0, RECORDS));
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                IngestCluster cluster = new IngestCluster(broker)) {
            Path log = folder.resolve("child.log");
            Process child = children.start(
                    log, cluster.arguments("--json", "--set", "ingest.batch.records=1", file.toString()));
            cluster.awaitWritten(30, child::isAlive);
            child.destroy();

            // Every JVM exits like this after SIGTERM and its shutdown hooks.
            assertThat(child.waitFor()).isEqualTo(128 + 15);
            String run = Files.readString(log);
            assertThat(run).contains("bandpass: stopped").contains("the next run resumes after them");
            List<Document> before = cluster.documents();
            assertThat(before).hasSizeBetween(1, RECORDS - 1);
            assertThat(run).contains("\"ingested\":" + before.size());
            assertThat(cluster.ingest(file, "--json").summary().path("ingested").asInt())
                    .isEqualTo(RECORDS - before.size());
            assertThat(cluster.documents()).hasSize(RECORDS).doesNotHaveDuplicates();
        }
    }

    /** The reader waits for input then, and no interrupt reaches it. */
    @Test
    void writesWhatStandardInputGaveAndStopsWhileMoreMayCome() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                IngestCluster cluster = new IngestCluster(broker)) {
            Path log = folder.resolve("child.log");
            Process child = children.start(log, cluster.arguments("--json", "-"));
            OutputStream input = child.getOutputStream();
            input.write(bytes(lines("a", 0, 3)));
            input.flush();
            cluster.awaitWritten(3, child::isAlive);
            child.destroy();

            assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(log))
                    .contains("\"ingested\":3")
                    .contains("the next run resumes after them, but not in standard input, which is read once");
            assertThat(cluster.documents()).hasSize(3);
        }
    }

    /** Starts an ingest with one record per transaction. */
    private static CompletableFuture<CommandRun> slow(IngestCluster cluster, Path file) {
        return CompletableFuture.supplyAsync(() -> cluster.ingest(file, "--set", "ingest.batch.records=1"));
    }
}
