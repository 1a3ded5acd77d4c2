package org.bandpass.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bandpass.schemas.SplitPart.FINAL;
import static org.bandpass.schemas.SplitPart.HELD_OUT;
import static org.bandpass.schemas.SplitPart.REFERENCE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
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
import org.bandpass.service.ProgramFailure;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Lags on a real broker, with transactions committed, aborted and open, and positions committed by real clients. */
class LagCommandTest {

    private static final int PARTITIONS = 3;
    private static final AtomicInteger NEXT = new AtomicInteger();

    private static EmbeddedBroker broker;

    private Topics topics;
    private Admin admin;
    private Consumer<byte[], byte[]> reader;
    private Producer<byte[], byte[]> ingest;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void takeFreshPrefix() {
        topics = new Topics("lag-" + NEXT.incrementAndGet() + ".", PARTITIONS, Topics.DEFAULT_MAX_DOCUMENT_BYTES);
        admin = Admin.create(broker.client());
        reader =
                Clients.reader(Map.of("bootstrap.servers", broker.bootstrapServers(), "fetch.max.wait.ms", 20), topics);
        ingest = Clients.transactional(broker.client(), topics, topics.group("ingest.test"));
        ingest.initTransactions();
    }

    @AfterEach
    void closeClients() {
        admin.close();
        reader.close();
        ingest.close();
    }

    @Test
    void showsProgramsWhoseTopicsDoNotExistYet() {
        assertThat(lags()).extracting(Lag::program).containsExactly("scorer", "calibrator", "eval");
        assertThat(lags()).allSatisfy(lag -> {
            assertThat(lag.documents()).isNull();
            assertThat(lag.state()).isEqualTo("no such topic yet");
        });
        assertThat(run()).contains("PROGRAM").contains("no such topic yet");
    }

    @Test
    void countsEverythingForAGroupThatNeverStarted() {
        create();
        ingest(20, FINAL);
        ingest(7, HELD_OUT);

        Lag scorer = lag("scorer");

        assertThat(scorer.documents()).isEqualTo(20);
        assertThat(scorer.exact()).isTrue();
        assertThat(scorer.partitions()).isEqualTo(PARTITIONS);
        assertThat(scorer.state()).isEqualTo("not started");
    }

    @Test
    void countsZeroForACaughtUpScorerAndExactlyTheHundredThatCameAfterIt() {
        create();
        for (int transaction = 0; transaction < 10; transaction++) {
            ingest(9, FINAL);
            ingest(3, REFERENCE);
        }
        commitInTransaction("scorer", ends(topics.documents()));
        assertThat(lag("scorer").documents()).isZero();
        assertThat(lag("scorer").state()).isEqualTo("stopped");

        for (int transaction = 0; transaction < 20; transaction++) {
            ingest(5, FINAL);
            ingest(2, REFERENCE);
            ingest(1, HELD_OUT);
            abort(4, FINAL);
        }

        assertThat(lag("scorer").documents()).isEqualTo(100);
        assertThat(lag("scorer").exact()).isTrue();
    }

    @Test
    void countsZeroWhenOnlyMarkersAndAbortedRecordsFollowThePosition() {
        create();
        ingest(5, FINAL);
        Map<TopicPartition, Long> afterLastRecord = new HashMap<>();
        OffsetSnapshot.written(admin, reader, topics.documents().name())
                .read(
                        reader,
                        record -> afterLastRecord.put(
                                new TopicPartition(record.topic(), record.partition()), record.offset() + 1));
        commit("scorer", afterLastRecord);
        abort(8, FINAL);

        assertThat(lag("scorer").documents()).isZero();
        assertThat(lag("scorer").exact()).isTrue();
    }

    @Test
    void doesNotCountWhatAnOpenTransactionMayStillAbort() {
        create();
        ingest(4, FINAL);
        try (Producer<byte[], byte[]> open = Clients.transactional(broker.client(), topics, topics.group("open"))) {
            open.initTransactions();
            open.beginTransaction();
            documents(6, FINAL).forEach(open::send);
            open.flush();
            assertThat(lag("scorer").documents()).isEqualTo(4);
            Clients.commit(open);
        }
        awaitMarkers();
        assertThat(lag("scorer").documents()).isEqualTo(10);
    }

    @Test
    void showsALowerBoundWhereReadingAllWouldTakeTooLong() {
        create();
        ingest(300, FINAL);

        Lag scorer = lag("scorer", "console.lag.max.records=100");

        assertThat(scorer.exact()).isFalse();
        assertThat(scorer.documents()).isBetween(1L, 300L);
        assertThat(scorer.atMost()).isGreaterThanOrEqualTo(300L);
        assertThat(run("-s", "console.lag.max.records=100")).contains("≥ ");
    }

    @Test
    void countsForARouterOfEachPlanAndTheCalibrator() {
        create();
        write(topics.plans(), "high-50", plan("high-50"));
        write(topics.plans(), "low-25", plan("low-25"));
        send(topics.scoredDocuments(), 12);
        commit("router.low-25", ends(topics.scoredDocuments()));
        send(topics.scoredDocuments(), 5);

        assertThat(lag("router.high-50").documents()).isEqualTo(17);
        assertThat(lag("router.high-50").state()).isEqualTo("not started");
        assertThat(lag("router.low-25").documents()).isEqualTo(5);
        assertThat(lag("calibrator").documents()).isEqualTo(17);
    }

    @Test
    void countsForATrainerWhatItsSnapshotStillHolds() {
        create();
        send(topics.scoredDocuments(), 30);
        Map<TopicPartition, Long> ends = ends(topics.scoredDocuments());
        List<OffsetRange> snapshot = ends.entrySet().stream()
                .map(end -> new OffsetRange(end.getKey().partition(), 0L, end.getValue(), 10L))
                .toList();
        send(topics.scoredDocuments(), 9);
        write(topics.trainingRuns(), "control", trainingRun("control", RunState.PROGRESS, RunRole.CONTROL, snapshot));
        write(topics.trainingRuns(), "done", trainingRun("done", RunState.FINISHED, RunRole.CONTROL, snapshot));
        commit(
                "trainer.control",
                Map.of(new TopicPartition(topics.scoredDocuments().name(), 0), 4L));

        assertThat(lag("trainer.control").documents()).isEqualTo(26);
        assertThat(lag("trainer.control").state()).isEqualTo("training, step 3 of 10");
        assertThat(lag("trainer.done").documents()).isZero();
        assertThat(lag("trainer.done").state()).isEqualTo("finished");
    }

    @Test
    void countsForTheReferenceTrainerOnlyItsSplit() {
        create();
        ingest(10, FINAL);
        ingest(6, REFERENCE);
        List<OffsetRange> snapshot = ends(topics.documents()).entrySet().stream()
                .map(end -> new OffsetRange(end.getKey().partition(), 0L, end.getValue(), 0L))
                .toList();
        TrainingRun run = trainingRun("reference", RunState.STARTED, RunRole.REFERENCE, snapshot);
        write(topics.trainingRuns(), "reference", run);

        assertThat(lag("trainer.reference").documents()).isEqualTo(6);
    }

    @Test
    void countsForEvalTheFinishedRunsItHasNotSeen() {
        create();
        write(topics.trainingRuns(), "one", trainingRun("one", RunState.FINISHED, RunRole.CONTROL, List.of()));
        commit("eval", ends(topics.trainingRuns()));
        assertThat(lag("eval").documents()).isZero();

        write(topics.trainingRuns(), "two", trainingRun("two", RunState.PROGRESS, RunRole.CONTROL, List.of()));
        write(topics.trainingRuns(), "three", trainingRun("three", RunState.FINISHED, RunRole.CONTROL, List.of()));

        assertThat(lag("eval").documents()).isEqualTo(1);
    }

    @Test
    void printsOneJsonObjectALine() throws IOException {
        create();
        ingest(2, FINAL);

        List<JsonNode> lines = new ArrayList<>();
        for (String line : run("--json").lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }

        JsonNode scorer = lines.get(0);
        assertThat(scorer.get("program").asText()).isEqualTo("scorer");
        assertThat(scorer.get("group").asText()).isEqualTo(topics.group("scorer"));
        assertThat(scorer.get("topic").asText()).isEqualTo(topics.documents().name());
        assertThat(scorer.get("lag").asLong()).isEqualTo(2);
        assertThat(scorer.get("exact").asBoolean()).isTrue();
        assertThat(lines).hasSize(3);
    }

    @Test
    void saysThatNoBrokerAnswersInsteadOfWaiting() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        ConsoleSettings settings = new ConsoleSettings(
                topics,
                Map.of(
                        "bootstrap.servers", "localhost:" + port,
                        "default.api.timeout.ms", 1000,
                        "request.timeout.ms", 1000),
                10,
                Duration.ofSeconds(1));

        assertThatThrownBy(() -> LagCommand.lags(settings))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("no Kafka broker answers at localhost:" + port)
                .hasMessageContaining("--bootstrap-servers");
    }

    @Test
    void saysThatANameCannotBeResolved() {
        ConsoleSettings settings = new ConsoleSettings(
                topics, Map.of("bootstrap.servers", "no-such-host.invalid:9092"), 10, Duration.ofSeconds(1));

        assertThatThrownBy(() -> LagCommand.lags(settings))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("no-such-host.invalid");
    }

    private void create() {
        TopicAdmin.ensure(admin, topics.all());
    }

    private List<Lag> lags() {
        return LagCommand.lags(
                settings(ConsoleSettings.definition().defaultValues().get(ConsoleSettings.MAX_RECORDS)));
    }

    private ConsoleSettings settings(Object maxRecords) {
        return new ConsoleSettings(topics, broker.client(), (Long) maxRecords, Duration.ofSeconds(10));
    }

    private Lag lag(String group) {
        return of(group, lags());
    }

    private Lag lag(String group, String setting) {
        long maxRecords = Long.parseLong(setting.substring(setting.indexOf('=') + 1));
        return of(group, LagCommand.lags(settings(maxRecords)));
    }

    private Lag of(String group, List<Lag> lags) {
        return lags.stream()
                .filter(lag -> lag.group().equals(topics.group(group)))
                .findFirst()
                .orElseThrow();
    }

    private String run(String... options) {
        List<String> arguments = new ArrayList<>(
                List.of("--bootstrap-servers", broker.bootstrapServers(), "-s", "topic.prefix=" + topics.prefix()));
        arguments.addAll(List.of(options));
        StringWriter out = new StringWriter();
        CommandLine line = new CommandLine(new LagCommand()).setOut(new PrintWriter(out));
        assertThat(line.execute(arguments.toArray(String[]::new))).isZero();
        return out.toString();
    }

    private void ingest(int count, SplitPart part) {
        transaction(count, part, true);
    }

    private void abort(int count, SplitPart part) {
        transaction(count, part, false);
    }

    private void transaction(int count, SplitPart part, boolean commit) {
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

    private List<ProducerRecord<byte[], byte[]>> documents(int count, SplitPart part) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(topics.documents().name(), i % PARTITIONS, new byte[] {1}, new byte[] {2});
            record.headers().add(HeaderNames.SPLIT, HeaderNames.bytes(HeaderNames.nameOf(part)));
            records.add(record);
        }
        return records;
    }

    private void send(TopicSpec topic, int count) {
        try (Producer<byte[], byte[]> producer = Clients.producer(broker.client(), topics)) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(topic.name(), i % PARTITIONS, new byte[] {1}, new byte[] {2}));
            }
        }
    }

    private <T extends SpecificRecord> void write(TopicSpec topic, String key, T value) {
        try (Producer<byte[], byte[]> producer = Clients.producer(broker.client(), topics)) {
            @SuppressWarnings("unchecked") // the class of a T is a Class<T>
            AvroSerde<T> serde = AvroSerde.of((Class<T>) value.getClass());
            producer.send(new ProducerRecord<>(topic.name(), HeaderNames.bytes(key), serde.write(value)));
        }
    }

    private Map<TopicPartition, Long> ends(TopicSpec topic) {
        return OffsetSnapshot.written(admin, reader, topic.name()).to();
    }

    /** Markers reach the partitions shortly after commitTransaction has returned, and with them what can be seen. */
    private void awaitMarkers() {
        CatchUp written = CatchUp.of(admin, topics.documents().name(), PARTITIONS);
        while (!written.reached(
                OffsetSnapshot.visible(reader, topics.documents().name()).to())) {
            Thread.onSpinWait();
        }
    }

    private void commit(String group, Map<TopicPartition, Long> offsets) {
        try (Consumer<byte[], byte[]> follower = Clients.follower(broker.client(), topics, topics.group(group))) {
            follower.commitSync(metadata(offsets));
        }
    }

    private void commitInTransaction(String group, Map<TopicPartition, Long> offsets) {
        try (Producer<byte[], byte[]> producer =
                        Clients.transactional(broker.client(), topics, topics.group(group + ".member"));
                Consumer<byte[], byte[]> follower = Clients.follower(broker.client(), topics, topics.group(group))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(metadata(offsets), follower.groupMetadata());
            Clients.commit(producer);
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> metadata(Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, OffsetAndMetadata> metadata = new HashMap<>();
        offsets.forEach((partition, offset) -> metadata.put(partition, new OffsetAndMetadata(offset)));
        return metadata;
    }

    private Plan plan(String name) {
        return Plan.newBuilder()
                .setName(name)
                .setBands(List.of(new Band("high", 0.5, 1.0)))
                .setCutMode(CutMode.LIVE)
                .setScoredTopic(topics.scoredDocuments().name())
                .setModelRevision("0123456789abcdef")
                .build();
    }

    private TrainingRun trainingRun(String id, RunState state, RunRole role, List<OffsetRange> snapshot) {
        return TrainingRun.newBuilder()
                .setRunId(id)
                .setState(state)
                .setRole(role)
                .setTopic((role == RunRole.REFERENCE ? topics.documents() : topics.scoredDocuments()).name())
                .setSeed(17)
                .setStep(3)
                .setSteps(10)
                .setSnapshot(snapshot)
                .setUpdatedAt(Instant.now())
                .build();
    }
}
