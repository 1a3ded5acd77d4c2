package org.bandpass.trainer.run;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.Score;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.TrainingRun;

/** Topics of one test on a real broker, under their own prefix, with the records of ingest, scorer and router. */
public final class TrainerTopics implements AutoCloseable {

    public static final int PARTITIONS = 3;

    private static final AtomicInteger NEXT = new AtomicInteger();

    private final EmbeddedBroker broker;
    private final Topics topics;
    private final Admin admin;
    private final Producer<byte[], byte[]> producer;

    public TrainerTopics(EmbeddedBroker broker) {
        this.broker = broker;
        this.topics =
                new Topics("train-" + NEXT.incrementAndGet() + ".", PARTITIONS, Topics.DEFAULT_MAX_DOCUMENT_BYTES);
        this.admin = Admin.create(broker.client());
        this.producer = Clients.transactional(broker.client(), topics, topics.group("test"));
        producer.initTransactions();
    }

    public Topics topics() {
        return topics;
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** Returns the arguments of a command that reach these topics. */
    public List<String> arguments() {
        return List.of(
                "--bootstrap-servers",
                broker.bootstrapServers(),
                "--set",
                "topic.prefix=" + topics.prefix(),
                "--set",
                "topic.partitions=" + PARTITIONS);
    }

    public TrainerSettings settings(String... assignments) {
        return settings(broker.bootstrapServers(), topics.prefix(), assignments);
    }

    public static TrainerSettings settings(String bootstrapServers, String prefix, String... assignments) {
        List<String> all = new ArrayList<>(List.of(assignments));
        all.addAll(List.of(
                "topic.prefix=" + prefix,
                "topic.partitions=" + PARTITIONS,
                "kafka.bootstrap.servers=" + bootstrapServers));
        return TrainerSettingsTest.parse(all.toArray(new String[0]));
    }

    /** Writes documents to the partitions in turn, that many in a transaction. */
    public void ingest(List<Document> documents, int perTransaction) {
        AvroSerde<Document> serde = AvroSerde.of(Document.class);
        TopicAdmin.ensure(admin, List.of(topics.documents()));
        write(topics.documents(), documents, serde::write, perTransaction);
    }

    public void ingest(List<Document> documents) {
        ingest(documents, 1000);
    }

    public void score(List<Document> documents) {
        write(topics.scoredDocuments(), documents, 1000);
    }

    public void route(String plan, String band, List<Document> documents) {
        write(topics.band(plan, band), documents, 1000);
    }

    /** Writes scored documents to a topic. */
    public void write(TopicSpec topic, List<Document> documents, int perTransaction) {
        AvroSerde<ScoredDocument> serde = AvroSerde.of(ScoredDocument.class);
        TopicAdmin.ensure(admin, List.of(topic));
        write(topic, documents, document -> serde.write(new ScoredDocument(score(document), document)), perTransaction);
    }

    private static Score score(Document document) {
        return new Score(
                1.5 * document.getBytes(),
                document.getBytes(),
                document.getBytes(),
                1,
                false,
                "m",
                "t",
                null,
                null,
                null);
    }

    private interface Writer {
        byte[] write(Document document);
    }

    private void write(TopicSpec topic, List<Document> documents, Writer writer, int perTransaction) {
        for (int from = 0; from < documents.size(); from += perTransaction) {
            producer.beginTransaction();
            for (int i = from; i < Math.min(documents.size(), from + perTransaction); i++) {
                Document document = documents.get(i);
                send(topic, i % PARTITIONS, document, writer.write(document));
            }
            Clients.commit(producer);
        }
    }

    private void send(TopicSpec topic, int partition, Document document, byte[] value) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic.name(), partition, bytes(document.getId()), value);
        record.headers()
                .add(
                        HeaderNames.SPLIT,
                        HeaderNames.bytes(HeaderNames.nameOf(document.getSplit().getPart())));
        producer.send(record);
    }

    /** Writes scored documents and aborts the transaction: their offsets and a marker remain. */
    public void abort(TopicSpec topic, List<Document> documents) {
        AvroSerde<ScoredDocument> serde = AvroSerde.of(ScoredDocument.class);
        producer.beginTransaction();
        for (int i = 0; i < documents.size(); i++) {
            send(
                    topic,
                    i % PARTITIONS,
                    documents.get(i),
                    serde.write(new ScoredDocument(score(documents.get(i)), documents.get(i))));
        }
        producer.flush();
        producer.abortTransaction();
    }

    /** Writes one record unchanged. */
    public void write(ProducerRecord<byte[], byte[]> record) {
        producer.beginTransaction();
        producer.send(record);
        Clients.commit(producer);
    }

    /** Stores a frozen plan without cuts, which the trainer does not read. */
    void plan(String name, String... bands) {
        TopicAdmin.ensure(admin, List.of(topics.plans()));
        List<Band> all = new ArrayList<>();
        for (String band : bands) {
            all.add(new Band(band, 0.0, 1.0));
        }
        Plan plan = Plan.newBuilder()
                .setName(name)
                .setBands(all)
                .setCutMode(CutMode.FROZEN)
                .setScoredTopic(topics.scoredDocuments().name())
                .setModelRevision("m")
                .setCutsVersion(3)
                .build();
        write(new ProducerRecord<>(
                topics.plans().name(), bytes(name), AvroSerde.of(Plan.class).write(plan)));
    }

    /** Returns every record of a run, oldest first. */
    List<TrainingRun> history(String run) {
        List<TrainingRun> history = new ArrayList<>();
        AvroSerde<TrainingRun> serde = AvroSerde.of(TrainingRun.class);
        for (ConsumerRecord<byte[], byte[]> record :
                records(topics.trainingRuns().name())) {
            if (run.equals(new String(record.key(), StandardCharsets.UTF_8))) {
                history.add(serde.read(record.value()));
            }
        }
        return history;
    }

    public TrainingRun last(String run) {
        List<TrainingRun> history = history(run);
        return history.get(history.size() - 1);
    }

    List<DeadLetter> deadLetters() {
        return values(topics.deadLetters("trainer").name(), DeadLetter.class);
    }

    private <T extends SpecificRecord> List<T> values(String topic, Class<T> type) {
        AvroSerde<T> serde = AvroSerde.of(type);
        return records(topic).stream().map(record -> serde.read(record.value())).toList();
    }

    /** Returns every committed record, partition by partition. */
    public List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            snapshot(consumer, topic).read(consumer, records::add);
        }
        return records;
    }

    public OffsetSnapshot snapshot(Consumer<byte[], byte[]> consumer, String topic) {
        return OffsetSnapshot.written(admin, consumer, topic);
    }

    public Consumer<byte[], byte[]> consumer() {
        Map<String, Object> reader = new LinkedHashMap<>(broker.client());
        reader.put("fetch.max.wait.ms", 20);
        return Clients.reader(reader, topics);
    }

    /** Deletes the first records of each partition. */
    public void deleteRecords(String topic, long before) {
        Map<TopicPartition, RecordsToDelete> all = new LinkedHashMap<>();
        for (int p = 0; p < PARTITIONS; p++) {
            all.put(new TopicPartition(topic, p), RecordsToDelete.beforeOffset(before));
        }
        try {
            admin.deleteRecords(all).all().get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the positions of a run's group, by partition of its topic. */
    private Map<TopicPartition, Long> committed(String run, String topic) {
        String group = topics.group("trainer." + run);
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(p -> new TopicPartition(topic, p))
                .toList();
        var spec = Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(partitions));
        var stable = new ListConsumerGroupOffsetsOptions().requireStable(true);
        try {
            Map<TopicPartition, OffsetAndMetadata> stored = Map.of();
            // A partition is missing until the transaction that commits its position has ended.
            while (!stored.keySet().containsAll(partitions)) {
                stored = admin.listConsumerGroupOffsets(spec, stable)
                        .partitionsToOffsetAndMetadata(group)
                        .get();
            }
            Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
            stored.forEach((partition, offset) -> {
                if (offset != null) {
                    offsets.put(partition, offset.offset());
                }
            });
            return offsets;
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Counts the records after a run's positions, without markers of transactions. */
    long lag(String run, String topic) {
        Map<TopicPartition, Long> committed = committed(run, topic);
        return records(topic).stream()
                .filter(record ->
                        record.offset() >= committed.getOrDefault(new TopicPartition(topic, record.partition()), 0L))
                .count();
    }

    @Override
    public void close() {
        producer.close();
        admin.close();
    }

    private static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }
}
