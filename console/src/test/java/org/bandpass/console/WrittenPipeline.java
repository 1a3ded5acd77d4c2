package org.bandpass.console;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.OffsetRange;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.RunRole;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.TrainingRun;
import picocli.CommandLine;

/** Topics with their own prefix, which real clients write as the programs do, and their lags. */
final class WrittenPipeline implements AutoCloseable {

    static final int PARTITIONS = 3;
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final EmbeddedBroker broker;
    final Topics topics;
    final Admin admin;
    final Consumer<byte[], byte[]> reader;
    private final Producer<byte[], byte[]> ingest;
    private final List<Producer<byte[], byte[]>> open = new ArrayList<>();

    WrittenPipeline(EmbeddedBroker broker) {
        this.broker = broker;
        topics = new Topics("lag-" + NEXT.incrementAndGet() + ".", PARTITIONS, Topics.DEFAULT_MAX_DOCUMENT_BYTES);
        admin = Admin.create(broker.client());
        reader =
                Clients.reader(Map.of("bootstrap.servers", broker.bootstrapServers(), "fetch.max.wait.ms", 20), topics);
        ingest = transactional("ingest.test");
    }

    @Override
    public void close() {
        admin.close();
        reader.close();
        ingest.close();
        open.forEach(Producer::close);
    }

    /** Writes documents in a transaction that stays open. */
    void leaveOpen(int count, SplitPart part) {
        Producer<byte[], byte[]> producer = beginLeftOpen("open");
        documents(count, part).forEach(producer::send);
        producer.flush();
    }

    /** Commits offsets of a group in a transaction that stays open. */
    void leaveCommitPending(String group, Map<TopicPartition, Long> offsets) {
        Producer<byte[], byte[]> producer = beginLeftOpen(group + ".member");
        try (Consumer<byte[], byte[]> follower = Clients.follower(broker.client(), topics, topics.group(group))) {
            producer.sendOffsetsToTransaction(metadata(offsets), follower.groupMetadata());
        }
    }

    private Producer<byte[], byte[]> beginLeftOpen(String name) {
        Producer<byte[], byte[]> producer = transactional(name);
        open.add(producer);
        producer.beginTransaction();
        return producer;
    }

    /** Deletes a group's offsets, as a broker does some time after the last member has left. */
    void expire(String group) {
        await(admin.deleteConsumerGroups(List.of(topics.group(group))).all());
    }

    /** Deletes the oldest records of each partition. */
    void deleteBefore(TopicSpec topic, long offset) {
        Map<TopicPartition, RecordsToDelete> before = new HashMap<>();
        ends(topic).keySet().forEach(partition -> before.put(partition, RecordsToDelete.beforeOffset(offset)));
        await(admin.deleteRecords(before).all());
    }

    /** Writes a record whose headers say where it comes from. */
    void send(TopicSpec topic, int partition, String header, long offset) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic.name(), partition, new byte[] {1}, new byte[] {2});
        record.headers().add(header, HeaderNames.bytes(offset));
        send(record);
    }

    void send(ProducerRecord<byte[], byte[]> record) {
        try (Producer<byte[], byte[]> producer = Clients.producer(broker.client(), topics)) {
            producer.send(record);
        }
    }

    private static void await(KafkaFuture<?> future) {
        try {
            future.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    Producer<byte[], byte[]> transactional(String name) {
        Producer<byte[], byte[]> producer = Clients.transactional(broker.client(), topics, topics.group(name));
        producer.initTransactions();
        return producer;
    }

    void create() {
        TopicAdmin.ensure(admin, topics.all());
    }

    List<Lag> lags() {
        return LagCommand.lags(
                settings(ConsoleSettings.definition().defaultValues().get(ConsoleSettings.MAX_RECORDS)));
    }

    ConsoleSettings settings(Object maxRecords) {
        return new ConsoleSettings(topics, broker.client(), (Long) maxRecords, Duration.ofSeconds(10));
    }

    Lag lag(String group) {
        return of(group, lags());
    }

    Lag lag(String group, String setting) {
        long maxRecords = Long.parseLong(setting.substring(setting.indexOf('=') + 1));
        return of(group, LagCommand.lags(settings(maxRecords)));
    }

    Lag of(String group, List<Lag> lags) {
        return lags.stream()
                .filter(lag -> lag.group().equals(topics.group(group)))
                .findFirst()
                .orElseThrow();
    }

    String run(String... options) {
        List<String> arguments = new ArrayList<>(
                List.of("--bootstrap-servers", broker.bootstrapServers(), "-s", "topic.prefix=" + topics.prefix()));
        arguments.addAll(List.of(options));
        StringWriter out = new StringWriter();
        CommandLine line = new CommandLine(new LagCommand()).setOut(new PrintWriter(out));
        int exit = line.execute(arguments.toArray(String[]::new));
        if (exit != 0) {
            throw new AssertionError("lag ended with " + exit);
        }
        return out.toString();
    }

    void ingest(int count, SplitPart part) {
        transaction(count, part, true);
    }

    void abort(int count, SplitPart part) {
        transaction(count, part, false);
    }

    void transaction(int count, SplitPart part, boolean commit) {
        ingest.beginTransaction();
        documents(count, part).forEach(ingest::send);
        if (commit) {
            Clients.commit(ingest);
        } else {
            ingest.flush();
            ingest.abortTransaction();
        }
        awaitMarkers();
    }

    List<ProducerRecord<byte[], byte[]>> documents(int count, SplitPart part) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(topics.documents().name(), i % PARTITIONS, new byte[] {1}, new byte[] {2});
            record.headers().add(HeaderNames.SPLIT, HeaderNames.bytes(HeaderNames.nameOf(part)));
            records.add(record);
        }
        return records;
    }

    void send(TopicSpec topic, int count) {
        try (Producer<byte[], byte[]> producer = Clients.producer(broker.client(), topics)) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(topic.name(), i % PARTITIONS, new byte[] {1}, new byte[] {2}));
            }
        }
    }

    <T extends SpecificRecord> void write(TopicSpec topic, String key, T value) {
        try (Producer<byte[], byte[]> producer = Clients.producer(broker.client(), topics)) {
            @SuppressWarnings("unchecked") // the class of a T is a Class<T>
            AvroSerde<T> serde = AvroSerde.of((Class<T>) value.getClass());
            producer.send(new ProducerRecord<>(topic.name(), HeaderNames.bytes(key), serde.write(value)));
        }
    }

    Map<TopicPartition, Long> ends(TopicSpec topic) {
        return OffsetSnapshot.written(admin, reader, topic.name()).to();
    }

    /** Markers reach the partitions, and records become visible, shortly after commitTransaction has returned. */
    void awaitMarkers() {
        CatchUp written = CatchUp.of(admin, topics.documents().name(), PARTITIONS);
        while (!written.reached(
                OffsetSnapshot.visible(reader, topics.documents().name()).to())) {
            Thread.onSpinWait();
        }
    }

    void commit(String group, Map<TopicPartition, Long> offsets) {
        try (Consumer<byte[], byte[]> follower = Clients.follower(broker.client(), topics, topics.group(group))) {
            follower.commitSync(metadata(offsets));
        }
    }

    void commitInTransaction(String group, Map<TopicPartition, Long> offsets) {
        try (Producer<byte[], byte[]> producer =
                        Clients.transactional(broker.client(), topics, topics.group(group + ".member"));
                Consumer<byte[], byte[]> follower = Clients.follower(broker.client(), topics, topics.group(group))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(metadata(offsets), follower.groupMetadata());
            Clients.commit(producer);
        }
    }

    static Map<TopicPartition, OffsetAndMetadata> metadata(Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, OffsetAndMetadata> metadata = new HashMap<>();
        offsets.forEach((partition, offset) -> metadata.put(partition, new OffsetAndMetadata(offset)));
        return metadata;
    }

    Plan frozenPlan(String name) {
        return Plan.newBuilder(plan(name)).setCutMode(CutMode.FROZEN).build();
    }

    Plan plan(String name) {
        return Plan.newBuilder()
                .setName(name)
                .setBands(List.of(new Band("high", 0.5, 1.0)))
                .setCutMode(CutMode.LIVE)
                .setScoredTopic(topics.scoredDocuments().name())
                .setModelRevision("0123456789abcdef")
                .build();
    }

    TrainingRun trainingRun(String id, RunState state, RunRole role, List<OffsetRange> snapshot) {
        return TrainingRun.newBuilder()
                .setRunId(id)
                .setState(state)
                .setRole(role)
                .setTopic((role == RunRole.REFERENCE ? topics.documents() : topics.scoredDocuments()).name())
                .setSeed(17)
                .setStep(state == RunState.STARTED ? 0 : 3)
                .setSteps(10)
                .setSnapshot(snapshot)
                .setUpdatedAt(Instant.now())
                .build();
    }
}
