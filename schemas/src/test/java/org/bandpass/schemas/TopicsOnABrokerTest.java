package org.bandpass.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.SerializationException;
import org.bandpass.broker.EmbeddedBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics, clients and readers against a real broker. */
class TopicsOnABrokerTest {

    private static EmbeddedBroker broker;
    private static Admin admin;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start();
        admin = Admin.create(broker.client());
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        broker.close();
    }

    @Test
    void keepsDataForEver() throws Exception {
        Topics topics = Topics.withPrefix("kept.");
        TopicAdmin.ensure(admin, topics.all());

        for (TopicSpec topic : topics.all()) {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
            var config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
            assertThat(config.get("retention.ms").value()).isEqualTo("-1");
            assertThat(config.get("retention.bytes").value()).isEqualTo("-1");
            assertThat(config.get("cleanup.policy").value())
                    .isEqualTo(topic.kept() == TopicSpec.Kept.COMPACT ? "compact" : "delete");
        }
        assertThat(new TopicAdmin(admin, (short) 1).ensure(topics.all())).isEmpty();
    }

    @Test
    void waitsForATopicThroughAnOutage() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        EmbeddedBroker first = EmbeddedBroker.start(folder, "localhost", port, Map.of());
        Map<String, Object> impatient = new HashMap<>(first.client());
        impatient.putAll(Map.of("request.timeout.ms", 300, "default.api.timeout.ms", 300));
        AtomicInteger looks = new AtomicInteger();
        try (Admin client = Admin.create(impatient)) {
            CompletableFuture<Boolean> found = CompletableFuture.supplyAsync(() -> new TopicAdmin(client, (short) 1)
                    .require("late.documents", "late.", true, () -> looks.incrementAndGet() < 0));
            await(looks, 1);
            first.close();
            // Far longer than the client waits for an answer.
            await(looks, looks.get() + 20);

            try (EmbeddedBroker second = EmbeddedBroker.start(folder, "localhost", port, Map.of());
                    Admin other = Admin.create(second.client())) {
                TopicAdmin.ensure(other, List.of(Topics.withPrefix("late.").documents()));
                assertThat(found.get(1, TimeUnit.MINUTES)).isTrue();
            }
        }
    }

    private static void await(AtomicInteger looks, int count) throws InterruptedException {
        while (looks.get() < count) {
            Thread.sleep(10);
        }
    }

    @Test
    void refusesATopicWithOtherPartitions() {
        TopicAdmin.ensure(admin, List.of(new Topics("six.", 6, 1 << 20).documents()));

        assertThatThrownBy(() -> TopicAdmin.ensure(admin, List.of(new Topics("six.", 5, 1 << 20).documents())))
                .hasMessageContaining("six.documents has 6 partitions, expected 5")
                .hasMessageContaining("topic.partitions=6");
    }

    @Test
    void takesADocumentOfTheLargestSize() throws Exception {
        Topics topics = new Topics("large.", 1, 8 << 20);
        TopicAdmin.ensure(admin, List.of(topics.documents()));
        // Random bytes, because compressible bytes would pass any limit.
        byte[] value = new byte[8 << 20];
        new java.util.Random(1).nextBytes(value);
        try (Producer<byte[], byte[]> producer = Clients.producer(broker.client(), topics)) {
            producer.send(new ProducerRecord<>("large.documents", new byte[32], value))
                    .get();
        }

        assertThat(read(topics, "large.documents")).containsExactly(value);
    }

    @Test
    void readsASnapshotWithoutAbortedRecordsAndEnds() {
        Topics topics = new Topics("snapshot.", 2, 1 << 20);
        TopicAdmin.ensure(admin, List.of(topics.documents()));
        try (Producer<byte[], byte[]> producer = Clients.transactional(broker.client(), topics, "snapshot.writer")) {
            producer.initTransactions();
            for (int transaction = 0; transaction < 6; transaction++) {
                producer.beginTransaction();
                for (int partition = 0; partition < 2; partition++) {
                    byte[] value = {(byte) transaction, (byte) partition};
                    producer.send(new ProducerRecord<>("snapshot.documents", partition, null, value));
                }
                if (transaction % 3 == 2) {
                    producer.abortTransaction();
                } else {
                    Clients.commit(producer);
                }
            }
        }

        assertThat(read(topics, "snapshot.documents"))
                .containsExactly(
                        new byte[] {0, 0},
                        new byte[] {1, 0},
                        new byte[] {3, 0},
                        new byte[] {4, 0},
                        new byte[] {0, 1},
                        new byte[] {1, 1},
                        new byte[] {3, 1},
                        new byte[] {4, 1});
    }

    @Test
    void readsTheLatestValuesOfATable() {
        Topics topics = Topics.withPrefix("table.");
        TopicAdmin.ensure(admin, List.of(topics.plans()));
        AvroSerde<Band> serde = AvroSerde.of(Band.class);
        try (Producer<byte[], byte[]> producer = Clients.producer(broker.client(), topics)) {
            for (String name : List.of("a", "b", "c", "a", "c")) {
                producer.send(new ProducerRecord<>(
                        "table.plans",
                        name.getBytes(StandardCharsets.UTF_8),
                        serde.write(new Band(name + "'", 0.0, 1.0))));
            }
            producer.send(new ProducerRecord<>("table.plans", "c".getBytes(StandardCharsets.UTF_8), null));
        }

        try (Consumer<byte[], byte[]> consumer = Clients.reader(broker.client(), topics)) {
            Map<String, Band> table =
                    CompactedTopic.read(admin, consumer, "table.plans", Band.class, UnreadableRecord.stop());

            assertThat(table.keySet()).containsExactly("b", "a");
            assertThat(table.get("a").getName()).isEqualTo("a'");
        }
    }

    @Test
    void namesWhatCannotBeReadAndReturnsTheRest() {
        Topics topics = Topics.withPrefix("unreadable.");
        String plans = topics.plans().name();
        TopicAdmin.ensure(admin, List.of(topics.plans()));
        AvroSerde<Band> serde = AvroSerde.of(Band.class);
        byte[] newer = {(byte) 0xC3, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        try (Producer<byte[], byte[]> producer = Clients.producer(broker.client(), topics)) {
            producer.send(record(plans, "good", serde.write(new Band("good", 0.0, 1.0))));
            producer.send(record(plans, "bad", serde.write(new Band("bad", 0.0, 1.0))));
            producer.send(record(plans, "mended", new byte[] {7}));
            producer.send(record(plans, "bad", new byte[] {7}));
            producer.send(record(plans, "newer", newer));
            producer.send(record(plans, "mended", serde.write(new Band("mended", 0.0, 1.0))));
        }
        List<UnreadableRecord> unreadable = new ArrayList<>();

        try (Consumer<byte[], byte[]> consumer = Clients.reader(broker.client(), topics)) {
            Map<String, Band> table = CompactedTopic.read(admin, consumer, plans, Band.class, unreadable::add);

            assertThat(table.keySet()).containsExactly("good", "mended");
            assertThat(unreadable).extracting(UnreadableRecord::key).containsExactly("bad", "newer");
            assertThat(unreadable).extracting(UnreadableRecord::offset).containsExactly(3L, 4L);
            assertThat(unreadable.get(0).sentence())
                    .startsWith("the record at unreadable.plans partition 0 offset 3 (key bad) cannot be read: ");
            assertThat(unreadable.get(1).why()).isInstanceOf(UnknownSchemaException.class);
            assertThatThrownBy(() -> CompactedTopic.read(admin, consumer, plans, Band.class, UnreadableRecord.stop()))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContaining("unreadable.plans partition 0 offset 3 (key bad)")
                    .hasMessageNotContaining("--set");
            UnreadableRecord.Visitor one =
                    UnreadableRecord.stopUnlessAt(DeadLetterPositions.parse("unreadable.plans-0@3"));
            assertThatThrownBy(() -> CompactedTopic.read(admin, consumer, plans, Band.class, one))
                    .hasCauseInstanceOf(UnknownSchemaException.class)
                    .hasMessageContaining("--set dead.letter.positions=unreadable.plans-0@4");
            UnreadableRecord.Visitor both = UnreadableRecord.stopUnlessAt(
                    DeadLetterPositions.parse("unreadable.plans-0@3,unreadable.plans-0@4"));
            assertThat(CompactedTopic.read(admin, consumer, plans, Band.class, both))
                    .containsOnlyKeys("good", "mended");
        }
    }

    @Test
    void whatWasWrittenIsReadOnceItsTransactionIsDecided() throws Exception {
        Topics topics = new Topics("open.", 1, 1 << 20);
        String topic = topics.documents().name();
        TopicAdmin.ensure(admin, List.of(topics.documents()));
        try (Producer<byte[], byte[]> producer = Clients.transactional(broker.client(), topics, "open");
                Consumer<byte[], byte[]> consumer = Clients.reader(broker.client(), topics)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, new byte[1])).get();

            assertThat(OffsetSnapshot.visible(consumer, topic).to()).containsValue(0L);
            OffsetSnapshot written = OffsetSnapshot.written(admin, consumer, topic);
            List<byte[]> values = new ArrayList<>();
            assertThatThrownBy(() -> written.read(consumer, record -> values.add(record.value()), Duration.ofMillis(1)))
                    .isInstanceOf(OpenTransactionException.class)
                    .hasMessageContaining("partition 0 of topic open.documents has a transaction that was open")
                    .hasMessageContaining("kafka-transactions");
            assertThat(values).isEmpty();

            Clients.commit(producer);
            written.read(consumer, record -> values.add(record.value()));
            assertThat(values).containsExactly(new byte[1]);
        }
    }

    @Test
    void isCaughtUpWhenEveryEndIsReached() {
        Topics topics = new Topics("ends.", 2, 1 << 20);
        TopicAdmin.ensure(admin, List.of(topics.documents()));
        try (Producer<byte[], byte[]> producer = Clients.producer(broker.client(), topics)) {
            producer.send(new ProducerRecord<>("ends.documents", 1, null, new byte[1]));
        }

        CatchUp catchUp = CatchUp.of(admin, "ends.documents", 2);

        TopicPartition one = new TopicPartition("ends.documents", 1);
        assertThat(catchUp.behind(Map.of())).containsExactly(one);
        assertThat(catchUp.reached(Map.of(one, 1L))).isTrue();
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, String key, byte[] value) {
        return new ProducerRecord<>(topic, HeaderNames.bytes(key), value);
    }

    private static List<byte[]> read(Topics topics, String topic) {
        List<byte[]> values = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = Clients.reader(broker.client(), topics)) {
            OffsetSnapshot.written(admin, consumer, topic).read(consumer, record -> values.add(record.value()));
        }
        return values;
    }
}
