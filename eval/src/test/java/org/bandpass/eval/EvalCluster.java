package org.bandpass.eval;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.eval.figures.EvaluationSummary;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.CompactedTopic;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.EvaluationResult;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.RunRole;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.schemas.UnreadableRecord;
import org.jspecify.annotations.Nullable;

/** The topics of one test on a real broker, under their own prefix: writes as ingest and trainer do, reads what eval wrote. */
final class EvalCluster implements AutoCloseable {

    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final EmbeddedBroker broker;
    private final Topics topics;
    private final Admin admin;
    private final Producer<byte[], byte[]> producer;

    EvalCluster(EmbeddedBroker broker) {
        this.broker = broker;
        this.topics = new Topics("eval-" + NEXT.incrementAndGet() + ".", 2, Topics.DEFAULT_MAX_DOCUMENT_BYTES);
        this.admin = Admin.create(broker.client());
        TopicAdmin.ensure(
                admin,
                List.of(topics.documents(), topics.trainingRuns(), topics.evaluations(), topics.deadLetters("eval")));
        this.producer = Clients.transactional(broker.client(), topics, topics.group("test"));
        producer.initTransactions();
    }

    Topics topics() {
        return topics;
    }

    /** Returns the arguments of a command that reach this cluster. */
    List<String> arguments() {
        return List.of(
                "--bootstrap-servers",
                broker.bootstrapServers(),
                "--set",
                "topic.prefix=" + topics.prefix(),
                "--set",
                "topic.partitions=2");
    }

    EvalSettings settings(String... assignments) {
        List<String> all = new ArrayList<>(List.of("eval.cloze.rows.per.domain=10"));
        all.addAll(List.of(assignments));
        all.addAll(List.of(
                "topic.prefix=" + topics.prefix(),
                "topic.partitions=2",
                "kafka.bootstrap.servers=" + broker.bootstrapServers()));
        return EvalSettingsTest.parse(all.toArray(new String[0]));
    }

    Evaluator evaluator(RunModel.Opener models, String... assignments) {
        return evaluator(models, null, assignments);
    }

    Evaluator evaluator(RunModel.Opener models, @Nullable Gauntlet gauntlet, String... assignments) {
        EvalSettings settings = settings(assignments);
        return evaluator(settings, gauntlet, models, EvaluationWriter.producers(settings));
    }

    static Evaluator evaluator(EvalSettings settings, RunModel.Opener models, EvaluationWriter.Producers producers) {
        return evaluator(settings, null, models, producers);
    }

    static Evaluator evaluator(
            EvalSettings settings,
            @Nullable Gauntlet gauntlet,
            RunModel.Opener models,
            EvaluationWriter.Producers producers) {
        EvalOutput output =
                new EvalOutput(new PrintWriter(new StringWriter()), true, new EvalMeters(new SimpleMeterRegistry()));
        return new Evaluator(
                settings, false, gauntlet, models, new EvaluationWriter(settings.topics(), producers), output);
    }

    void ingest(List<Document> documents) {
        AvroSerde<Document> serde = AvroSerde.of(Document.class);
        producer.beginTransaction();
        for (Document document : documents) {
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(topics.documents().name(), bytes(document.getId()), serde.write(document));
            SplitPart part = document.getSplit().getPart();
            record.headers().add(HeaderNames.SPLIT, HeaderNames.bytes(HeaderNames.nameOf(part)));
            producer.send(record);
        }
        Clients.commit(producer);
    }

    /** Returns a record of a newer version. */
    static byte[] newer() {
        return new byte[] {(byte) 0xC3, 1, 8, 7, 6, 5, 4, 3, 2, 1, 0};
    }

    /** Writes a held-out record that is not a document, to the last partition. */
    void spoil(byte[] value) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topics.documents().name(), 1, bytes("spoilt"), value);
        record.headers().add(HeaderNames.SPLIT, HeaderNames.bytes(HeaderNames.nameOf(SplitPart.HELD_OUT)));
        producer.beginTransaction();
        producer.send(record);
        Clients.commit(producer);
    }

    /** Reads the documents that are new to a split. */
    void readInto(HeldOutSplit split) {
        try (Consumer<byte[], byte[]> consumer = Clients.reader(reader(), topics)) {
            split.read(admin, consumer);
        }
    }

    /** Writes the state of a run. */
    void train(String run, RunState state, @Nullable String model, @Nullable String revision) {
        train(
                run,
                AvroSerde.of(TrainingRun.class)
                        .write(TrainingRun.newBuilder()
                                .setRunId(run)
                                .setState(state)
                                .setRole(RunRole.CONTROL)
                                .setTopic(topics.scoredDocuments().name())
                                .setSeed(1)
                                .setModel(model)
                                .setModelRevision(revision)
                                .setUpdatedAt(java.time.Instant.EPOCH)
                                .build()));
    }

    void train(String run, byte[] record) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topics.trainingRuns().name(), bytes(run), record));
        Clients.commit(producer);
    }

    /** Returns the current evaluations by key. */
    Map<String, EvaluationResult> evaluations() {
        try (Consumer<byte[], byte[]> consumer = Clients.reader(reader(), topics)) {
            return CompactedTopic.read(
                    admin, consumer, topics.evaluations().name(), EvaluationResult.class, UnreadableRecord.stop());
        }
    }

    EvaluationSummary summary() {
        return EvaluationSummary.of(evaluations().values());
    }

    /** Returns how often each row of the gauntlet was written, by run, step, task and row, in committed records. */
    Map<String, Integer> gauntletRows() {
        Map<String, Integer> counts = new java.util.TreeMap<>();
        for (Map.Entry<String, @Nullable EvaluationResult> record : written()) {
            EvaluationResult result = record.getValue();
            if (result != null && !result.getProfile().isEmpty()) {
                String task = result.getRunId() + " " + result.getStep() + " " + result.getTask();
                result.getRows().forEach(row -> counts.merge(task + " " + row.getId(), 1, Integer::sum));
            }
        }
        return counts;
    }

    /** Returns every committed record of evaluations, tombstones as null. */
    List<Map.Entry<String, @Nullable EvaluationResult>> written() {
        return records(topics.evaluations().name(), EvaluationResult.class);
    }

    Map<String, DeadLetter> deadLetters() {
        Map<String, DeadLetter> letters = new LinkedHashMap<>();
        records(topics.deadLetters("eval").name(), DeadLetter.class)
                .forEach(record -> letters.put(record.getKey(), record.getValue()));
        return letters;
    }

    private <T extends SpecificRecord> List<Map.Entry<String, @Nullable T>> records(String topic, Class<T> type) {
        AvroSerde<T> serde = AvroSerde.of(type);
        List<Map.Entry<String, @Nullable T>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = Clients.reader(reader(), topics)) {
            OffsetSnapshot.written(admin, consumer, topic)
                    .read(
                            consumer,
                            record -> records.add(new java.util.AbstractMap.SimpleEntry<>(
                                    new String(record.key(), StandardCharsets.UTF_8),
                                    record.value() == null ? null : serde.read(record.value()))));
        }
        return records;
    }

    /** Waits until the group's position reaches the end of training-runs. */
    void requireNoLag() {
        await("a position at the end", () -> lag() == 0);
    }

    /**
     * Returns how many offsets of training-runs follow the group's position, markers included. A position counts once
     * its transaction is decided.
     */
    long lag() {
        TopicPartition partition = new TopicPartition(topics.trainingRuns().name(), 0);
        try (Consumer<byte[], byte[]> consumer = Clients.reader(reader(), topics)) {
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            OffsetAndMetadata position = admin.listConsumerGroupOffsets(
                            topics.group("eval"), new ListConsumerGroupOffsetsOptions().requireStable(true))
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(partition);
            return position == null ? end : end - position.offset();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns how many members the group has. */
    int members() {
        String group = topics.group("eval");
        try {
            return admin.describeConsumerGroups(List.of(group))
                    .all()
                    .get()
                    .get(group)
                    .members()
                    .size();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void forgetPositions() {
        TopicPartition partition = new TopicPartition(topics.trainingRuns().name(), 0);
        try {
            admin.deleteConsumerGroupOffsets(topics.group("eval"), java.util.Set.of(partition))
                    .all()
                    .get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until a condition holds. */
    static void await(String what, BooleanSupplier condition) {
        long began = System.nanoTime();
        try {
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() - began > PATIENCE.toNanos()) {
                    throw new AssertionError(what + " did not happen within " + PATIENCE.toSeconds() + " s");
                }
                Thread.sleep(2);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
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

    private static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }
}
