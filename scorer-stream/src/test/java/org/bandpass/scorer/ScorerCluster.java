package org.bandpass.scorer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.Score;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.Topics;
import org.bandpass.service.Stop;
import org.jspecify.annotations.Nullable;

/** The topics of one test on a real broker, with their own prefix: the input and the output of the scorer. */
final class ScorerCluster implements AutoCloseable {

    static final int PARTITIONS = 3;
    static final Duration PATIENCE = Duration.ofSeconds(300);

    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final AvroSerde<Document> DOCUMENTS = AvroSerde.of(Document.class);
    private static final AvroSerde<ScoredDocument> SCORED = AvroSerde.of(ScoredDocument.class);
    private static final AvroSerde<DeadLetter> LETTERS = AvroSerde.of(DeadLetter.class);

    private final EmbeddedBroker broker;
    private final Topics topics;
    private final Admin admin;
    private final Producer<byte[], byte[]> producer;

    ScorerCluster(EmbeddedBroker broker) {
        this.broker = broker;
        this.topics =
                new Topics("scorer-" + NEXT.incrementAndGet() + ".", PARTITIONS, Topics.DEFAULT_MAX_DOCUMENT_BYTES);
        this.admin = Admin.create(broker.client());
        TopicAdmin.ensure(admin, List.of(topics.documents(), topics.scoredDocuments(), topics.deadLetters("scorer")));
        this.producer = Clients.transactional(broker.client(), topics, topics.group("test"));
        producer.initTransactions();
    }

    Topics topics() {
        return topics;
    }

    EmbeddedBroker broker() {
        return broker;
    }

    Producer<byte[], byte[]> producer() {
        return producer;
    }

    /** Returns the arguments of a command that reach this cluster. */
    List<String> arguments() {
        return arguments(broker.bootstrapServers(), topics.prefix());
    }

    static List<String> arguments(String servers, String prefix) {
        return List.of(
                "--bootstrap-servers",
                servers,
                "--set",
                "topic.prefix=" + prefix,
                "--set",
                "topic.partitions=" + PARTITIONS);
    }

    ScorerSettings settings(String... assignments) {
        List<String> all = new ArrayList<>(List.of(
                "topic.prefix=" + topics.prefix(),
                "topic.partitions=" + PARTITIONS,
                "scorer.flight.linger.ms=20",
                "kafka.bootstrap.servers=" + broker.bootstrapServers()));
        all.addAll(List.of(assignments));
        return ScorerSettingsTest.parse(all.toArray(new String[0]));
    }

    /** Scores the documents that exist now. */
    void catchUp(ReferenceModel model, String... assignments) {
        ScorerSettings settings = settings(assignments);
        try (Stop stop = Stop.byRequest()) {
            scorer(settings, model, false, ScoredDocumentWriter.producers(settings))
                    .follow(stop, PATIENCE, false);
        }
    }

    /** Scores in another thread until stopped. */
    CompletableFuture<Void> start(ReferenceModel model, Stop stop, String... assignments) {
        ScorerSettings settings = settings(assignments);
        Scorer scorer = scorer(settings, model, false, ScoredDocumentWriter.producers(settings));
        return CompletableFuture.runAsync(() -> scorer.follow(stop, null, false), task -> new Thread(task).start());
    }

    static Scorer scorer(
            ScorerSettings settings, ReferenceModel model, boolean mixed, ScoredDocumentWriter.Producers producers) {
        return new Scorer(settings, model, mixed, producers, tally(new SimpleMeterRegistry()));
    }

    /** Returns what a scorer prints at its end. */
    static String printed(java.util.function.Consumer<ScorerTally> scorer, ReferenceModel model) {
        StringWriter out = new StringWriter();
        try (ScorerTally tally = new ScorerTally(new PrintWriter(out), false, new SimpleMeterRegistry())) {
            scorer.accept(tally);
            tally.finish(model, 0);
        }
        return out.toString();
    }

    /** Limits the batches of the topic of scores. */
    void limitScores(int bytes) {
        ConfigResource topic = new ConfigResource(
                ConfigResource.Type.TOPIC, topics.scoredDocuments().name());
        AlterConfigOp limit = new AlterConfigOp(
                new ConfigEntry("max.message.bytes", Integer.toString(bytes)), AlterConfigOp.OpType.SET);
        try {
            admin.incrementalAlterConfigs(Map.of(topic, List.of(limit))).all().get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    Set<String> topicNames() {
        try {
            return admin.listTopics().names().get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Creates the topic of documents under another prefix. */
    void createDocuments(String prefix) {
        TopicAdmin.ensure(
                admin, List.of(new Topics(prefix, PARTITIONS, Topics.DEFAULT_MAX_DOCUMENT_BYTES).documents()));
    }

    static ScorerTally tally(MeterRegistry meters) {
        return new ScorerTally(new PrintWriter(new StringWriter()), true, meters);
    }

    void ingest(List<Document> documents) {
        producer.beginTransaction();
        documents.forEach(this::send);
        Clients.commit(producer);
        try (Consumer<byte[], byte[]> consumer = Clients.reader(reader(), topics)) {
            OffsetSnapshot.written(admin, consumer, topics.documents().name()).read(consumer, record -> {});
        }
    }

    /** Sends a document within a transaction of the caller. */
    void send(Document document) {
        send(document.getId(), document.getSplit().getPart(), DOCUMENTS.write(document));
    }

    void send(String id, SplitPart part, byte @Nullable [] value) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topics.documents().name(), id.getBytes(StandardCharsets.UTF_8), value);
        record.headers().add(HeaderNames.SPLIT, HeaderNames.bytes(HeaderNames.nameOf(part)));
        producer.send(record);
    }

    /** Sends a record of another cluster's scored documents within a transaction of the caller. */
    void copy(ConsumerRecord<byte[], byte[]> record) {
        producer.send(new ProducerRecord<>(
                topics.scoredDocuments().name(), record.partition(), record.key(), record.value(), record.headers()));
    }

    /** Returns the committed records of documents that are final, in order. */
    List<ConsumerRecord<byte[], byte[]>> finals() {
        return records(topics.documents().name()).stream()
                .filter(record -> HeaderNames.isPart(record.headers(), SplitPart.FINAL))
                .toList();
    }

    /** Returns the committed scores in order. */
    List<Scored> scored() {
        return records(topics.scoredDocuments().name()).stream()
                .map(record -> new Scored(
                        record,
                        new Place(
                                HeaderNames.integer(record.headers(), HeaderNames.SOURCE_PARTITION),
                                HeaderNames.longInteger(record.headers(), HeaderNames.SOURCE_OFFSET)),
                        SCORED.read(record.value())))
                .toList();
    }

    /** Returns the number of written offsets of scored documents, committed or not. */
    long scoredOffsets() {
        return CatchUp.of(admin, topics.scoredDocuments().name(), PARTITIONS).ends().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    List<DeadLetter> deadLetters() {
        return records(topics.deadLetters("scorer").name()).stream()
                .map(record -> LETTERS.read(record.value()))
                .toList();
    }

    /** Where a document is. */
    record Place(int partition, long offset) {
        static Place of(ConsumerRecord<?, ?> record) {
            return new Place(record.partition(), record.offset());
        }
    }

    /** A scored record, the position of its document, and its value. */
    record Scored(ConsumerRecord<byte[], byte[]> record, Place source, ScoredDocument value) {}

    List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = Clients.reader(reader(), topics)) {
            OffsetSnapshot.written(admin, consumer, topic).read(consumer, records::add);
        }
        return records;
    }

    /** Returns how many records of documents follow the group's positions, without markers. */
    long lag() {
        try {
            Map<TopicPartition, OffsetAndMetadata> positions = admin.listConsumerGroupOffsets(topics.group("scorer"))
                    .partitionsToOffsetAndMetadata()
                    .get();
            return records(topics.documents().name()).stream()
                    .filter(record -> {
                        OffsetAndMetadata position =
                                positions.get(new TopicPartition(record.topic(), record.partition()));
                        return position == null || record.offset() >= position.offset();
                    })
                    .count();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns how many partitions each member of the group has. */
    List<Integer> shares() {
        String group = topics.group("scorer");
        try {
            return admin.describeConsumerGroups(List.of(group)).all().get().get(group).members().stream()
                    .map(member -> member.assignment().topicPartitions().size())
                    .sorted()
                    .toList();
        } catch (ExecutionException | InterruptedException e) {
            return List.of();
        }
    }

    /** Returns whether the broker has aborted a producer's last transaction. */
    boolean isAborted(String transactionalId) {
        try {
            return admin.describeTransactions(List.of(transactionalId))
                            .description(transactionalId)
                            .get()
                            .state()
                    == TransactionState.COMPLETE_ABORT;
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void forgetPositions() {
        Set<TopicPartition> all = new HashSet<>();
        for (int p = 0; p < PARTITIONS; p++) {
            all.add(new TopicPartition(topics.documents().name(), p));
        }
        try {
            admin.deleteConsumerGroupOffsets(topics.group("scorer"), all).all().get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until a condition holds. */
    static void await(String what, BooleanSupplier condition) {
        long began = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - began > PATIENCE.toNanos()) {
                throw new AssertionError(what + " did not happen within " + PATIENCE.toSeconds() + " s");
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    /** Returns the final documents by their position. */
    Map<Place, Document> documentsByPlace() {
        Map<Place, Document> documents = new LinkedHashMap<>();
        finals().forEach(record -> documents.put(Place.of(record), DOCUMENTS.read(record.value())));
        return documents;
    }

    static byte[] bytes(Document document) {
        return DOCUMENTS.write(document);
    }

    static byte[] bytes(Score score, Document document) {
        return SCORED.write(new ScoredDocument(score, document));
    }

    /** Returns whole numbers from one to before another. */
    static int[] range(int from, int to) {
        int[] ids = new int[to - from];
        Arrays.setAll(ids, i -> from + i);
        return ids;
    }

    @Override
    public void close() {
        producer.close();
        admin.close();
    }

    private Map<String, Object> reader() {
        Map<String, Object> reader = new LinkedHashMap<>(broker.client());
        reader.put("fetch.max.wait.ms", 20);
        return reader;
    }
}
