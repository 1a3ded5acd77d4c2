package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.bandpass.sources.SampleFiles.bytes;
import static org.bandpass.sources.SampleFiles.line;
import static org.bandpass.sources.SampleFiles.lines;
import static org.bandpass.sources.SampleFiles.write;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.DocumentId;
import org.bandpass.schemas.IngestProgress;
import org.bandpass.service.ProgramFailure;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Topics made by others: with another limit, with foreign records, or by an older version. */
@Timeout(300)
class GivenTopicsTest {

    private static EmbeddedBroker broker;

    @TempDir
    private Path folder;

    private IngestCluster cluster;
    private Admin admin;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start();
    }

    @AfterAll
    static void closeBroker() {
        broker.close();
    }

    @BeforeEach
    void takeTopics() {
        cluster = new IngestCluster(broker);
        admin = Admin.create(cluster.client());
    }

    @AfterEach
    void close() {
        admin.close();
        cluster.close();
    }

    @Test
    void filesWhatIsTooLargeForTheTopic() throws Exception {
        create(cluster.topics().documents().name(), IngestCluster.PARTITIONS, 2_000);
        create(cluster.topics().deadLetters("ingest").name(), 1, 1_000);
        Path file = write(
                folder.resolve("a.jsonl"),
                String.join("\n", line("first"), line(noise(8_000)), line("last"), "{" + noise(3_000), ""));

        CommandRun run = cluster.ingest(file, "--json");

        assertThat(run.code()).as(run.talk() + run.thrown()).isZero();
        assertThat(run.talk())
                .contains("topic " + cluster.topics().documents().name() + " takes records of 2000 bytes")
                .contains("raise the topic's limit, or lower document.max.bytes");
        assertThat(cluster.documents()).extracting(Document::getText).containsExactlyInAnyOrder("first", "last");
        assertThat(cluster.deadLetters())
                .extracting(DeadLetter::getReason, DeadLetter::getPosition, DeadLetter::getContent)
                .as("what is too large for dead letters goes without its content")
                .containsExactlyInAnyOrder(tuple("over-record-limit", 1L, null), tuple("malformed", 3L, null));
        assertThat(run.summary().path("ingested").asInt()).isEqualTo(2);
        assertThat(run.summary().path("rejectedByReason").toString())
                .isEqualTo("{\"malformed\":1,\"over-record-limit\":1}");
        IngestProgress progress = cluster.files().get("default/" + file);
        assertThat(progress.getRejected()).containsOnly(Map.entry("malformed", 1L), Map.entry("over-record-limit", 1L));
        assertThat(progress.getIngested().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(2);
        assertThat(cluster.ingest(file, "--json").summary().path("filesSkipped").asInt())
                .isEqualTo(1);
    }

    @Test
    void namesARecordOfAnotherShapeAndPassesOverItWhenTold() {
        Path file = write(folder.resolve("a.jsonl"), lines("a", 0, 9));
        cluster.ingest(file);
        long offset = send(cluster.topics().documents().name(), bytes("test"), bytes("hello"));
        String position = cluster.topics().documents().name() + "-0@" + offset;
        write(file, lines("a", 0, 12));

        CommandRun refused = cluster.ingest(file);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.thrown())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("partition 0 offset " + offset + " is no document")
                .hasMessageContaining("--set dead.letter.positions=" + position);

        CommandRun passed = cluster.ingest(file, "--json", "--set", "dead.letter.positions=" + position);
        assertThat(passed.code()).as(passed.talk() + passed.thrown()).isZero();
        assertThat(passed.summary().path("ingested").asInt()).isEqualTo(3);
    }

    @Test
    void stopsAtADocumentOfANewerSchema() {
        Path file = write(folder.resolve("a.jsonl"), lines("a", 0, 9));
        cluster.ingest(file);
        byte[] newer = {(byte) 0xc3, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0};
        long offset = send(cluster.topics().documents().name(), bytes(DocumentId.of("newer")), newer);

        assertThat(cluster.ingest(file).thrown())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("partition 0 offset " + offset + " has an unknown schema (fingerprint ")
                .hasMessageContaining(
                        "dead.letter.positions=" + cluster.topics().documents().name() + "-0@" + offset);
    }

    @Test
    void namesAProgressRecordThatCannotBeRead() {
        Path file = write(folder.resolve("a.jsonl"), lines("a", 0, 9));
        cluster.ingest(file);
        String topic = cluster.topics().ingestProgress().name();
        long offset = send(topic, bytes("test"), bytes("hello"));

        assertThat(cluster.ingest(file).thrown())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageStartingWith("the record at " + topic + " partition 0 offset " + offset);
        assertThat(cluster.ingest(file, "--set", "dead.letter.positions=" + topic + "-0@" + offset)
                        .code())
                .isZero();
    }

    @Test
    void knowsRepeatsWithoutTheDocuments() throws Exception {
        cluster.ingest(write(folder.resolve("a.jsonl"), lines("a", 0, 40)), "--set", "ingest.batch.records=7");
        deleteDocuments();

        assertThat(ingestedOf("b.jsonl", lines("a", 0, 50))).isEqualTo(10);
    }

    @Test
    void readsTheIdsOfATopicFromBeforeOnce() throws Exception {
        cluster.ingest(write(folder.resolve("a.jsonl"), lines("a", 0, 40)));
        forgetIds();
        assertThat(ingestedOf("b.jsonl", lines("a", 0, 50))).isEqualTo(10);

        deleteDocuments();
        assertThat(ingestedOf("c.jsonl", lines("a", 0, 60))).isEqualTo(10);
    }

    @Test
    void keepsNoMoreIdsThanTheWindowNeeds() {
        for (int i = 0; i < 5; i++) {
            cluster.ingest(
                    write(folder.resolve(i + ".jsonl"), lines("a", 10 * i, 10 * i + 10)),
                    "--set",
                    "ingest.duplicates.window=20");
        }
        assertThat(cluster.progress().keySet().stream().filter(key -> key.contains("/admitted/")))
                .containsExactlyInAnyOrder("default/admitted/30", "default/admitted/40");
    }

    private int ingestedOf(String name, String lines) {
        CommandRun run = cluster.ingest(write(folder.resolve(name), lines), "--json");
        assertThat(run.code()).as(run.talk() + run.thrown()).isZero();
        return run.summary().path("ingested").asInt();
    }

    /** Leaves the topic as an older version does. */
    private void forgetIds() {
        try (Producer<byte[], byte[]> producer = Clients.producer(cluster.client(), cluster.topics())) {
            for (String key : cluster.progress().keySet()) {
                if (key.contains("/admitted/")) {
                    producer.send(new ProducerRecord<>(
                            cluster.topics().ingestProgress().name(), bytes(key), null));
                }
            }
        }
    }

    private void deleteDocuments() throws Exception {
        String topic = cluster.topics().documents().name();
        Map<TopicPartition, RecordsToDelete> all =
                CatchUp.of(admin, topic, IngestCluster.PARTITIONS).ends().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, end -> RecordsToDelete.beforeOffset(end.getValue())));
        admin.deleteRecords(all).all().get();
    }

    private void create(String topic, int partitions, int bytes) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)
                        .configs(Map.of("max.message.bytes", Integer.toString(bytes)))))
                .all()
                .get();
    }

    private long send(String topic, byte[] key, byte[] value) {
        try (Producer<byte[], byte[]> producer = Clients.producer(cluster.client(), cluster.topics())) {
            return producer.send(new ProducerRecord<>(topic, 0, key, value))
                    .get()
                    .offset();
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns letters that hardly compress. */
    private static String noise(int length) {
        Random random = new Random(length);
        return random.ints(length, 'a', 'z' + 1)
                .mapToObj(letter -> String.valueOf((char) letter))
                .collect(Collectors.joining());
    }
}
