package org.bandpass.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bandpass.schemas.RunState.FAILED;
import static org.bandpass.schemas.RunState.FINISHED;
import static org.bandpass.schemas.RunState.PROGRESS;
import static org.bandpass.schemas.RunState.STARTED;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.eval.figures.EvaluationSummary;
import org.bandpass.eval.figures.PairedComparison;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.SplitPart;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program on a real broker, with models made of arithmetic. */
class EvaluatorTest {

    /** The group drops a member two seconds after an outage began. */
    private static final Map<String, String> FAST_SESSIONS = Map.of(
            "group.consumer.heartbeat.interval.ms", "100",
            "group.consumer.min.heartbeat.interval.ms", "100",
            "group.consumer.session.timeout.ms", "2000",
            "group.consumer.min.session.timeout.ms", "1000");

    private static EmbeddedBroker broker;

    @TempDir
    private static Path brokerFolder;

    @TempDir
    private Path folder;

    /** One more than any other failure may take. */
    private static final int TRIES = 6;

    private final FolderNames models = new FolderNames();
    private EvalCluster cluster;

    @BeforeAll
    static void startBroker() {
        // Members learn their partitions with a heartbeat: fast heartbeats make fast tests.
        broker = EmbeddedBroker.start(
                brokerFolder,
                "localhost",
                0,
                Map.of(
                        "group.consumer.heartbeat.interval.ms", "100",
                        "group.consumer.min.heartbeat.interval.ms", "100"));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void ingest() {
        cluster = new EvalCluster(broker);
        List<Document> documents = new ArrayList<>(Texts.documents("prose", 12, 450));
        documents.addAll(Texts.documents("code", 8, 450));
        documents.addAll(Texts.documents("few", 2, 8));
        documents.add(Texts.document("prose", Texts.words(99, 500), SplitPart.FINAL, Texts.SPLIT));
        documents.add(Texts.document("prose", Texts.words(98, 500), SplitPart.REFERENCE, Texts.SPLIT));
        cluster.ingest(documents);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void evaluatesARunWhenItFinishes() throws Exception {
        try (Stop stop = Stop.byRequest()) {
            CompletableFuture<Void> evaluator = start(cluster.evaluator(models), stop);
            cluster.train("control", STARTED, null, null);
            cluster.train("control", PROGRESS, null, null);
            cluster.train("control", FINISHED, model("a"), "a");

            EvalCluster.await("an evaluation", () -> !cluster.evaluations().isEmpty());
            cluster.requireNoLag();
            stop.request();
            evaluator.get();
        }

        EvaluationSummary.Task heldOut = cluster.summary().task("control", "held-out");
        assertThat(heldOut.all().rows()).isEqualTo(22);
        assertThat(heldOut.groups()).containsOnlyKeys("prose", "code", "few");
        EvaluationSummary.Task cloze = cluster.summary().task("control", "cloze");
        assertThat(cloze.all().rows()).isEqualTo(20);
        assertThat(cloze.leftOut()).containsExactly(Map.entry("few", 2));
        assertThat(cloze.chance()).isEqualTo(0.5);
        assertThat(models.opened()).hasSize(1).allMatch(ByteModel::closed);
        assertThat(cluster.evaluations()).containsOnlyKeys("control/held-out/0-22", "control/cloze/0-20");
    }

    @Test
    void skipsRunsThatItCannotEvaluateAndReportsWhy() throws Exception {
        cluster.train("failed", FAILED, null, null);
        cluster.train("garbage", "no run".getBytes(StandardCharsets.UTF_8));
        cluster.train("nameless", FINISHED, null, null);
        cluster.train("missing", FINISHED, folder.resolve("nowhere").toString(), null);
        cluster.train("broken", FINISHED, model("broken"), null);
        cluster.train("changed", FINISHED, model("b"), "something else");
        cluster.train("good", FINISHED, model("a"), null);

        catchUp(cluster.evaluator(models));

        assertThat(cluster.summary().runs()).containsOnlyKeys("good");
        cluster.requireNoLag();
        Map<String, DeadLetter> letters = cluster.deadLetters();
        assertThat(letters).hasSize(5);
        assertThat(letters.get("nameless").getReason()).isEqualTo("no-model");
        assertThat(letters.get("broken").getReason()).isEqualTo("unreadable-model");
        assertThat(letters.get("changed").getReason()).isEqualTo("changed-model");
        assertThat(letters.get("missing").getReason()).isEqualTo("missing-model");
        assertThat(letters.get("missing").getDetail())
                .contains("nowhere")
                .contains("bandpass eval --once missing")
                .contains("run missing");
        assertThat(letters.get("missing").getTopic())
                .isEqualTo(cluster.topics().trainingRuns().name());
        assertThat(letters.values()).extracting(DeadLetter::getReason).contains("unreadable-record");
    }

    @Test
    void writesRangesOfRows() throws Exception {
        cluster.train("control", FINISHED, model("a"), "a");

        catchUp(cluster.evaluator(models, "eval.rows.per.record=7"));

        assertThat(cluster.evaluations())
                .containsOnlyKeys(
                        "control/held-out/0-7",
                        "control/held-out/7-14",
                        "control/held-out/14-21",
                        "control/held-out/21-22",
                        "control/cloze/0-7",
                        "control/cloze/7-14",
                        "control/cloze/14-20");
        // Complete only if no two rows have the same id.
        assertThat(cluster.summary().task("control", "held-out").complete()).isTrue();
        assertThat(cluster.summary().task("control", "cloze").complete()).isTrue();
    }

    @Test
    void givesTheSameRowsToEveryRun() throws Exception {
        cluster.train("control", FINISHED, model("a"), "a");
        cluster.train("again", FINISHED, model("a"), "a");
        cluster.train("high", FINISHED, model("b"), "b");

        catchUp(cluster.evaluator(models));

        for (String task : List.of("held-out", "cloze")) {
            EvaluationSummary.Task control = cluster.summary().task("control", task);
            EvaluationSummary.Task high = cluster.summary().task("high", task);
            assertThat(cluster.summary().task("again", task).rows()).isEqualTo(control.rows());
            assertThat(new ArrayList<>(high.rows().keySet()))
                    .isEqualTo(new ArrayList<>(control.rows().keySet()));
            assertThat(high.rows()).isNotEqualTo(control.rows());
            assertThat(PairedComparison.of(high, control).rows())
                    .isEqualTo(control.rows().size());
        }
    }

    @Test
    void writesEmptyEvaluationsWithoutHeldOutDocuments() throws Exception {
        try (EvalCluster empty = new EvalCluster(broker)) {
            empty.train("control", FINISHED, model("a"), "a");

            catchUp(empty.evaluator(models));

            assertThat(empty.evaluations()).containsOnlyKeys("control/held-out/0-0", "control/cloze/0-0");
            assertThat(empty.summary().task("control", "held-out").complete()).isTrue();
        }
    }

    /** To the broker, the producer dies with its transaction open. */
    @Test
    void losesAndDoublesNothingWhenItDiesBeforeTheCommit() throws Exception {
        cluster.train("control", FINISHED, model("a"), "a");
        EvalSettings settings = cluster.settings();
        Evaluator dying = EvalCluster.evaluator(
                settings, models, id -> new DyingProducer(settings, id, () -> new IllegalStateException("killed")));

        assertThatThrownBy(() -> catchUp(dying)).hasMessage("killed");

        assertThat(cluster.written()).isEmpty();
        assertThat(cluster.lag()).isPositive();
        catchUp(cluster.evaluator(models));
        assertThat(cluster.written())
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder("control/held-out/0-22", "control/cloze/0-20");
        cluster.requireNoLag();
    }

    @Test
    void writesAgainWhenATransactionFails() throws Exception {
        cluster.train("control", FINISHED, model("a"), "a");
        EvalSettings settings = cluster.settings();
        AtomicInteger writes = new AtomicInteger();
        Evaluator unlucky = EvalCluster.evaluator(
                settings,
                models,
                id -> writes.incrementAndGet() < 3
                        ? new DyingProducer(settings, id, () -> new KafkaException("not now"))
                        : EvaluationWriter.producers(settings).open(id));

        catchUp(unlucky);

        assertThat(writes).hasValue(3);
        assertThat(cluster.written())
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder("control/held-out/0-22", "control/cloze/0-20");
        assertThat(models.opened()).hasSize(1);
    }

    @Test
    void givesUpWhenTransactionsKeepFailing() throws Exception {
        cluster.train("control", FINISHED, model("a"), "a");
        EvalSettings settings = cluster.settings();
        Evaluator unlucky = EvalCluster.evaluator(
                settings, models, id -> new DyingProducer(settings, id, () -> new KafkaException("not now")));

        assertThatThrownBy(() -> catchUp(unlucky))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("run control")
                .hasMessageContaining("not now");
        assertThat(cluster.written()).isEmpty();
    }

    @Test
    void evaluatesAgainAfterFailuresOfTheCluster() throws Exception {
        cluster.train("control", FINISHED, model("a"), "a");
        AtomicInteger times = new AtomicInteger();

        catchUp(cluster.evaluator(failing(times, 3)));

        assertThat(times).hasValue(3);
        assertThat(cluster.written())
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder("control/held-out/0-22", "control/cloze/0-20");
        assertThat(cluster.deadLetters()).isEmpty();
        cluster.requireNoLag();
    }

    @Test
    void givesUpWhenTheClusterKeepsFailing() throws Exception {
        cluster.train("control", FINISHED, model("a"), "a");
        AtomicInteger times = new AtomicInteger();

        assertThatThrownBy(() -> catchUp(cluster.evaluator(failing(times, Integer.MAX_VALUE))))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("offset 0")
                .hasMessageContaining("not now");

        assertThat(times).hasValue(5);
        assertThat(cluster.written()).isEmpty();
    }

    /** Returns models that fail before the given try, as if the documents could not be read. */
    private static FolderNames failing(AtomicInteger times, int before) {
        return new FolderNames() {
            @Override
            ByteModel make(String revision) {
                if (times.incrementAndGet() < before) {
                    throw new KafkaException("not now");
                }
                return super.make(revision);
            }
        };
    }

    /** A suite counts documents without a question, so it must not see one twice. */
    @Test
    void resumesWhereAReadingOfTheDocumentsFailed() throws Exception {
        try (EvalCluster spoilt = new EvalCluster(broker)) {
            spoilt.ingest(List.of(Texts.document("few", "a"), Texts.document("few", "b"), Texts.document("few", "c")));
            spoilt.spoil(EvalCluster.newer());
            HeldOutSplit split = new HeldOutSplit(spoilt.settings());

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> spoilt.readInto(split))
                        .isInstanceOf(ProgramFailure.class)
                        .hasMessageContaining(spoilt.topics().documents().name() + " partition 1 offset ")
                        .hasMessageContaining("fingerprint 102030405060708");
            }

            assertThat(split.cloze().leftOut()).containsExactly(Map.entry("few", 3));
        }
    }

    @Test
    void sharesTheWorkWithoutDoublingIt() throws Exception {
        try (Stop stopFirst = Stop.byRequest();
                Stop stopSecond = Stop.byRequest()) {
            CompletableFuture<Void> first = start(cluster.evaluator(models), stopFirst);
            CompletableFuture<Void> second = start(cluster.evaluator(models), stopSecond);
            for (String run : List.of("a", "b", "c", "d")) {
                cluster.train(run, FINISHED, model(run), run);
            }
            EvalCluster.await("four evaluations", () -> cluster.summary().runs().size() == 4);

            // Whichever has the partition, the other continues when it leaves.
            stopFirst.request();
            first.get();
            cluster.train("e", FINISHED, model("e"), "e");
            EvalCluster.await(
                    "a fifth evaluation", () -> cluster.summary().runs().size() == 5);
            stopSecond.request();
            second.get();
        }

        List<String> keys = cluster.written().stream().map(Map.Entry::getKey).toList();
        assertThat(keys).hasSize(10).doesNotHaveDuplicates();
        cluster.requireNoLag();
    }

    @Test
    void waitsForTheOtherMemberBeforeItHasCaughtUp() throws Exception {
        CountDownLatch opened = new CountDownLatch(1);
        CountDownLatch mayContinue = new CountDownLatch(1);
        FolderNames slow = new FolderNames() {
            @Override
            ByteModel make(String revision) {
                opened.countDown();
                awaitLatch(mayContinue);
                return super.make(revision);
            }
        };
        try (Stop stop = Stop.byRequest()) {
            CompletableFuture<Void> busy = start(cluster.evaluator(slow), stop);
            cluster.train("control", FINISHED, model("a"), "a");
            opened.await();
            CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> catchUp(cluster.evaluator(models)));
            EvalCluster.await("a second member", () -> cluster.members() == 2);
            assertThat(waiting).isNotDone();
            mayContinue.countDown();
            waiting.get();
            stop.request();
            busy.get();
        }

        assertThat(cluster.written()).hasSize(2);
        assertThat(models.opened()).isEmpty();
    }

    @Test
    void stopsInTheMiddleOfAnEvaluationAndWritesNothing() throws Exception {
        CountDownLatch scoring = new CountDownLatch(1);
        try (Stop stop = Stop.byRequest()) {
            FolderNames endless = new FolderNames() {
                @Override
                ByteModel make(String revision) {
                    return new ByteModel(revision) {
                        @Override
                        public double[] rowNats(int[][] rows) {
                            scoring.countDown();
                            EvalCluster.await("a stop", stop::requested);
                            return super.rowNats(rows);
                        }
                    };
                }
            };
            CompletableFuture<Void> evaluator = start(cluster.evaluator(endless), stop);
            cluster.train("control", FINISHED, model("a"), "a");
            scoring.await();
            stop.request();
            evaluator.get();
            assertThat(endless.opened()).allMatch(ByteModel::closed);
        }

        assertThat(cluster.written()).isEmpty();
        catchUp(cluster.evaluator(models));
        assertThat(cluster.written()).hasSize(2);
    }

    @Test
    void skipsKnownRunsWhenItsPositionIsLost() throws Exception {
        cluster.train("control", FINISHED, model("a"), "a");
        catchUp(cluster.evaluator(models));
        cluster.forgetPositions();

        catchUp(cluster.evaluator(models));

        assertThat(models.opened()).hasSize(1);
        assertThat(cluster.written()).hasSize(2);
        cluster.requireNoLag();
        cluster.forgetPositions();
        catchUp(cluster.evaluator(models, "eval.cloze.rows.per.domain=5"));
        assertThat(models.opened()).hasSize(2);
        assertThat(cluster.summary().task("control", "cloze").all().rows()).isEqualTo(10);
    }

    @Test
    void evaluatesOnceOnDemandAndReplacesWhatWasThere() throws Exception {
        cluster.train("control", FINISHED, folder.resolve("nowhere").toString(), "a");
        catchUp(cluster.evaluator(models));
        assertThat(cluster.evaluations()).isEmpty();

        once("control", Path.of(model("a")), "eval.rows.per.record=3");
        assertThat(cluster.summary().task("control", "held-out").complete()).isTrue();
        once("control", Path.of(model("a")));

        assertThat(cluster.evaluations()).containsOnlyKeys("control/held-out/0-22", "control/cloze/0-20");
        cluster.requireNoLag();
    }

    @Test
    void reportsWhyItCannotEvaluateOnDemand() throws Exception {
        assertThatThrownBy(() -> once("control", null))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("it holds none");
        cluster.train("control", PROGRESS, null, null);
        cluster.train("high", FINISHED, folder.resolve("nowhere").toString(), null);
        assertThatThrownBy(() -> once("low", null))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("there are control, high");
        assertThatThrownBy(() -> once("control", null))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("not finished (training, step 0 of 0, no sign since 1970-01-01T00:00:00Z)");
        assertThatThrownBy(() -> once("high", null))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("nowhere");
        assertThat(cluster.deadLetters()).isEmpty();
    }

    @Test
    void stopsAtARunOfANewerVersionUnlessItMayBeADeadLetter() throws Exception {
        cluster.train("newer", EvalCluster.newer());
        cluster.train("control", FINISHED, model("a"), "a");
        String topic = cluster.topics().trainingRuns().name();

        assertThatThrownBy(() -> catchUp(cluster.evaluator(models)))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining(topic + " partition 0 offset 0")
                .hasMessageContaining("fingerprint 102030405060708")
                .hasMessageContaining("dead.letter.positions=" + topic + "-0@0");
        assertThat(cluster.written()).isEmpty();
        assertThat(cluster.deadLetters()).isEmpty();

        catchUp(cluster.evaluator(models, "dead.letter.positions=" + topic + "-0@0"));

        assertThat(cluster.summary().runs()).containsOnlyKeys("control");
        assertThat(cluster.deadLetters().get(topic + "/0/0").getReason()).isEqualTo("unreadable-record");
        cluster.requireNoLag();
    }

    @Test
    void evaluatesWithoutAHeldOutRecordThatCannotBeRead() throws Exception {
        cluster.spoil("no document".getBytes(StandardCharsets.UTF_8));
        cluster.train("control", FINISHED, model("a"), "a");

        catchUp(cluster.evaluator(models));

        assertThat(cluster.summary().task("control", "held-out").all().rows()).isEqualTo(22);
        assertThat(cluster.deadLetters().values()).singleElement().satisfies(letter -> {
            assertThat(letter.getReason()).isEqualTo("unreadable-record");
            assertThat(letter.getTopic()).isEqualTo(cluster.topics().documents().name());
            assertThat(letter.getPartition()).isEqualTo(1);
        });
    }

    @Test
    void evaluatesOnDemandBesideUnreadableRecordsOfOtherRuns() throws Exception {
        cluster.train("other", "no run".getBytes(StandardCharsets.UTF_8));
        cluster.train("control", FINISHED, model("a"), "a");

        once("control", null);

        assertThat(cluster.summary().runs()).containsOnlyKeys("control");
        assertThatThrownBy(() -> once("other", null))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining(cluster.topics().trainingRuns().name() + " partition 0 offset 0 (key other)");
    }

    /** The broker is away when an evaluation is to be written, for more tries than any other failure may take. */
    @Test
    @Tag("slow")
    @Timeout(600)
    void writesAFinishedEvaluationAfterAnOutage(@TempDir Path data) throws Exception {
        EmbeddedBroker away = EmbeddedBroker.start(data, "localhost", 0, FAST_SESSIONS);
        int port = Integer.parseInt(away.bootstrapServers().replaceAll(".*:", ""));
        AtomicReference<EmbeddedBroker> running = new AtomicReference<>(away);
        try (EvalCluster other = new EvalCluster(away);
                Stop stop = Stop.byRequest()) {
            EvalSettings settings = other.settings(
                    "kafka.max.block.ms=500", "kafka.default.api.timeout.ms=500", "kafka.request.timeout.ms=400");
            other.ingest(Texts.documents("prose", 12, 450));
            other.train("control", FINISHED, model("a"), "a");
            AtomicInteger writes = new AtomicInteger();
            FolderNames closing = new FolderNames() {
                @Override
                ByteModel make(String revision) {
                    running.get().close();
                    return super.make(revision);
                }
            };
            EvaluationWriter.Producers reopening = id -> {
                if (writes.incrementAndGet() == TRIES) {
                    running.set(EmbeddedBroker.start(data, "localhost", port, FAST_SESSIONS));
                }
                return EvaluationWriter.producers(settings).open(id);
            };

            CompletableFuture<Void> evaluator = start(EvalCluster.evaluator(settings, closing, reopening), stop);

            EvalCluster.await("an outage of some tries", () -> writes.get() >= TRIES);
            EvalCluster.await("an evaluation", () -> !other.evaluations().isEmpty());
            other.requireNoLag();
            stop.request();
            evaluator.get();
            assertThat(other.written())
                    .extracting(Map.Entry::getKey)
                    .containsExactlyInAnyOrder("control/held-out/0-12", "control/cloze/0-10");
            assertThat(closing.opened()).hasSize(1);
        } finally {
            running.get().close();
        }
    }

    @Test
    void seesDocumentsThatArriveBetweenTwoRuns() throws Exception {
        cluster.train("control", FINISHED, model("a"), "a");
        try (Stop stop = Stop.byRequest()) {
            CompletableFuture<Void> evaluator = start(cluster.evaluator(models), stop);
            EvalCluster.await("an evaluation", () -> !cluster.evaluations().isEmpty());
            cluster.ingest(Texts.documents("late", 5, 450));
            cluster.train("high", FINISHED, model("b"), "b");
            EvalCluster.await("another", () -> cluster.summary().runs().size() == 2);
            stop.request();
            evaluator.get();
        }

        EvaluationSummary.Task control = cluster.summary().task("control", "held-out");
        EvaluationSummary.Task high = cluster.summary().task("high", "held-out");
        assertThat(high.rows()).hasSize(27);
        assertThat(PairedComparison.of(high, control).rows()).isEqualTo(22);
    }

    @Test
    void evaluatesTheLatestRecordOfARun() throws Exception {
        cluster.train("control", FINISHED, model("a"), "a");
        cluster.train("control", STARTED, null, null);
        cluster.train("high", FINISHED, model("b"), "b");
        cluster.train("high", FINISHED, model("c"), "c");

        catchUp(cluster.evaluator(models));

        assertThat(cluster.summary().runs()).containsOnlyKeys("high");
        assertThat(cluster.written().stream().map(e -> e.getValue().getModelRevision()))
                .containsOnly("c");
    }

    @Test
    void endsWithoutWorkOnAnEmptyTopic() {
        catchUp(cluster.evaluator(models));

        assertThat(cluster.written()).isEmpty();
    }

    private void once(String run, Path model, String... assignments) {
        try (Stop stop = Stop.byRequest()) {
            cluster.evaluator(models, assignments).once(run, model, stop);
        }
    }

    private static void catchUp(Evaluator evaluator) {
        try (Stop stop = Stop.byRequest()) {
            evaluator.follow(stop, true);
        }
    }

    private static CompletableFuture<Void> start(Evaluator evaluator, Stop stop) {
        return CompletableFuture.runAsync(() -> evaluator.follow(stop, false), task -> new Thread(task).start());
    }

    private String model(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name)).toString();
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A producer that sends everything and then fails instead of committing. */
    static final class DyingProducer extends KafkaProducer<byte[], byte[]> {

        private final Supplier<RuntimeException> death;

        DyingProducer(EvalSettings settings, String id, Supplier<RuntimeException> death) {
            super(config(settings, id), new ByteArraySerializer(), new ByteArraySerializer());
            this.death = death;
        }

        private static Map<String, Object> config(EvalSettings settings, String id) {
            Map<String, Object> config = Clients.producerConfig(settings.kafka(), settings.topics());
            config.put("transactional.id", id);
            return config;
        }

        @Override
        public void commitTransaction() {
            flush();
            throw death.get();
        }
    }
}
