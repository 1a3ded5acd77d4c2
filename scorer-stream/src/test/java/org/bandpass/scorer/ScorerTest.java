package org.bandpass.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.DocumentId;
import org.bandpass.schemas.Score;
import org.bandpass.schemas.Split;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.Unit;
import org.bandpass.scorer.ScorerCluster.Place;
import org.bandpass.scorer.ScorerCluster.Scored;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The program on a real broker, with a model made of arithmetic and a real tokenizer. */
@Timeout(600)
class ScorerTest extends OnACluster {

    private static final String SMALL_FLIGHTS = "scorer.flight.max.tokens=400";

    @Test
    void scoresEachFinalDocumentOnceInItsPartitionAndOrder() {
        List<Document> documents = Texts.documents(1, 300);
        cluster.ingest(documents);

        catchUp(SMALL_FLIGHTS);

        long finals = documents.stream()
                .filter(document -> document.getSplit().getPart() == SplitPart.FINAL)
                .count();
        assertThat(finals).isBetween(180L, 260L);
        assertThat(cluster.scored()).hasSize((int) finals);
        assertEachFinalOnceInOrder();
        assertThat(cluster.deadLetters()).isEmpty();
        assertThat(cluster.lag()).isZero();
        Map<Place, Document> byPlace = cluster.documentsByPlace();
        try (TextTokenizer oracle = TextTokenizer.load(tokenizer())) {
            for (Scored scored : cluster.scored()) {
                Document document = byPlace.get(scored.source());
                Score score = scored.value().getScore();
                int[] ids = oracle.encode(document.getText());
                assertThat(scored.value().getDocument()).isEqualTo(document);
                assertThat(score.getTokens()).isEqualTo(ids.length);
                assertThat(score.getNats() / ids.length).isCloseTo(Math.log(TestModels.VOCABULARY), within(1e-9));
                assertThat(score.getBytes()).isEqualTo(document.getBytes());
                assertThat(score.getWindows())
                        .isEqualTo((ids.length + UniformModel.CONTEXT - 1) / UniformModel.CONTEXT);
                assertThat(score.getCapped()).isFalse();
                assertThat(score.getModelRevision()).isEqualTo("uniform");
                assertThat(score.getTokenizerRevision()).isEqualTo(oracle.revision());
            }
        }
    }

    @Test
    void scoresDocumentsThatArriveWhileItRuns() throws Exception {
        try (Stop stop = Stop.byRequest();
                ReferenceModel model = TestModels.uniform(tokenizer())) {
            CompletableFuture<Void> scorer = cluster.start(model, stop);
            for (int i = 0; i < 3; i++) {
                cluster.ingest(Texts.documents(10 + i, 20));
                ScorerCluster.await("all scored", () -> cluster.lag() == 0);
            }
            stop.request();
            scorer.get();
        }

        assertEachFinalOnceInOrder();
    }

    @Test
    void sendsUnusableDocumentsToTheDeadLetters() {
        Document good = Texts.finalDocument("x");
        Document empty = Texts.finalDocument("");
        Document divergent = Texts.finalDocument("diverges");
        Document contradictory = Texts.document("held out", SplitPart.HELD_OUT, Texts.SPLIT);
        cluster.producer().beginTransaction();
        cluster.send(good);
        cluster.send(empty);
        cluster.send(divergent);
        cluster.send("garbage", SplitPart.FINAL, new byte[] {1, 2, 3});
        cluster.send("nothing", SplitPart.FINAL, null);
        cluster.send("contradictory", SplitPart.FINAL, ScorerCluster.bytes(contradictory));
        Clients.commit(cluster.producer());

        try (TextTokenizer ids = TextTokenizer.load(tokenizer())) {
            int first = ids.encode("diverges")[0];
            UniformModel diverging = new UniformModel(TestModels.VOCABULARY, "uniform") {
                @Override
                public double[] rowNats(int[][] rows) {
                    double[] nats = super.rowNats(rows);
                    for (int r = 0; r < rows.length; r++) {
                        nats[r] = rows[r][1] == first ? Double.NaN : nats[r];
                    }
                    return nats;
                }
            };
            try (ReferenceModel model = TestModels.of(tokenizer(), diverging)) {
                cluster.catchUp(model);
            }
        }

        assertThat(cluster.scored())
                .extracting(scored -> scored.value().getDocument().getText())
                .containsExactly("x");
        assertThat(cluster.lag()).isZero();
        assertThat(cluster.deadLetters())
                .extracting(DeadLetter::getReason)
                .containsExactlyInAnyOrder(
                        "empty-text", "not-finite", "unreadable-record", "unreadable-record", "contradictory-split");
        for (DeadLetter letter : cluster.deadLetters()) {
            assertThat(letter.getProgram()).isEqualTo("scorer");
            assertThat(letter.getTopic()).isEqualTo(cluster.topics().documents().name());
            assertThat(cluster.finals())
                    .anyMatch(record -> Place.of(record).equals(new Place(letter.getPartition(), letter.getOffset())));
        }
    }

    @Test
    void sendsADocumentTooLargeForItsTopicToTheDeadLetters() {
        Document large = Texts.finalDocument(Texts.words(5, 1_200_000));
        cluster.ingest(List.of(large, Texts.finalDocument("small")));

        catchUp("document.max.bytes=1024");

        assertThat(cluster.scored()).hasSize(1);
        assertThat(cluster.deadLetters()).hasSize(1);
        DeadLetter letter = cluster.deadLetters().get(0);
        assertThat(letter.getReason()).isEqualTo("over-record-limit");
        assertThat(letter.getDetail()).contains("document.max.bytes=1024");
        assertThat(letter.getContent()).isNull();
    }

    @Test
    void refusesATokenThatTheModelDoesNotKnow() {
        cluster.ingest(List.of(Texts.finalDocument("some words")));

        try (ReferenceModel model = TestModels.of(tokenizer(), new UniformModel(50, "narrow"))) {
            cluster.catchUp(model);
        }

        assertThat(cluster.deadLetters()).extracting(DeadLetter::getReason).containsExactly("unknown-token");
    }

    @Test
    void scoresTheIdsOfSequences() {
        String revision = revision();
        cluster.ingest(List.of(sequence(revision, ScorerCluster.range(1, 101))));

        catchUp();

        Score score = cluster.scored().get(0).value().getScore();
        assertThat(score.getTokens()).isEqualTo(100);
        assertThat(score.getBytes()).isZero();
        assertThat(score.getWindows()).isEqualTo(4);
    }

    @Test
    void refusesSequencesOfAnotherTokenizer() {
        cluster.ingest(List.of(sequence("another", ScorerCluster.range(1, 11))));

        assertThatThrownBy(() -> catchUp())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("another")
                .hasMessageContaining(revision());
        assertThat(cluster.scored()).isEmpty();
    }

    @Test
    void recordsTheEffectOfACapOnWindows() {
        String text = Texts.words(3, 2_000);
        cluster.ingest(List.of(Texts.finalDocument(text), Texts.finalDocument("short")));

        catchUp("scorer.max.windows=2");

        try (TextTokenizer oracle = TextTokenizer.load(tokenizer())) {
            Score score = cluster.scored().stream()
                    .filter(scored -> scored.value().getDocument().getText().equals(text))
                    .findFirst()
                    .orElseThrow()
                    .value()
                    .getScore();
            assertThat(score.getCapped()).isTrue();
            assertThat(score.getWindows()).isEqualTo(2);
            assertThat(score.getTokens()).isEqualTo(2 * UniformModel.CONTEXT);
            assertThat(score.getBytes())
                    .isEqualTo(oracle.bytesOf(text, 2 * UniformModel.CONTEXT))
                    .isLessThan(2_000);
        }
    }

    @Test
    void resumesWithoutPositionsAfterTheLastScore() {
        cluster.ingest(Texts.documents(1, 60));
        catchUp(SMALL_FLIGHTS);
        int before = cluster.scored().size();
        cluster.forgetPositions();
        cluster.ingest(Texts.documents(2, 60));

        catchUp(SMALL_FLIGHTS);

        assertThat(cluster.scored()).hasSizeGreaterThan(before);
        assertEachFinalOnceInOrder();
        assertThat(cluster.lag()).isZero();
    }

    /** Many markers and aborted records follow the last score. */
    @Test
    void findsTheLastScoreBeforeAbortedOnes() {
        cluster.ingest(Texts.documents(1, 20));
        catchUp();
        for (int i = 0; i < 100; i++) {
            cluster.producer().beginTransaction();
            for (int p = 0; p < ScorerCluster.PARTITIONS; p++) {
                cluster.producer()
                        .send(new ProducerRecord<>(
                                cluster.topics().scoredDocuments().name(), p, null, new byte[] {7}));
            }
            cluster.producer().abortTransaction();
        }
        cluster.forgetPositions();
        cluster.ingest(Texts.documents(2, 20));

        catchUp();

        assertEachFinalOnceInOrder();
    }

    /** The open transaction of a killed scorer ends later, and counts if it is committed. */
    @Test
    void waitsForAnOpenTransactionBeforeItReadsTheLastScore() throws Exception {
        cluster.ingest(Texts.documents(1, 40));
        try (ScorerCluster before = new ScorerCluster(broker())) {
            before.ingest(Texts.documents(1, 40));
            try (ReferenceModel model = TestModels.uniform(tokenizer())) {
                before.catchUp(model);
            }
            cluster.producer().beginTransaction();
            before.scored().stream().limit(20).forEach(scored -> cluster.copy(scored.record()));
            cluster.producer().flush();
        }
        CompletableFuture<Void> scorer = CompletableFuture.runAsync(() -> catchUp());
        ScorerCluster.await("a member", () -> !cluster.shares().isEmpty());
        assertThat(cluster.scoredOffsets()).isEqualTo(20);

        Clients.commit(cluster.producer());

        scorer.get();
        assertThat(cluster.scored())
                .extracting(Scored::source)
                .isEqualTo(cluster.finals().stream().map(Place::of).toList());
    }

    @Test
    void refusesToMixModelsUnlessAsked() {
        cluster.ingest(Texts.documents(1, 20));
        catchUp();
        cluster.ingest(Texts.documents(2, 20));
        int before = cluster.scored().size();

        try (ReferenceModel other = TestModels.of(tokenizer(), new UniformModel(TestModels.VOCABULARY, "other"))) {
            assertThatThrownBy(() -> cluster.catchUp(other))
                    .isInstanceOf(ProgramFailure.class)
                    .hasMessageContaining("uniform")
                    .hasMessageContaining("other")
                    .hasMessageContaining("--mix-revisions");
            assertThat(cluster.scored()).hasSize(before);
            ScorerSettings settings = cluster.settings();
            try (Stop stop = Stop.byRequest()) {
                ScorerCluster.scorer(settings, other, true, ScoredDocumentWriter.producers(settings))
                        .follow(stop, ScorerCluster.PATIENCE, false);
            }
        }

        assertThat(cluster.scored())
                .extracting(scored -> scored.value().getScore().getModelRevision())
                .contains("uniform", "other");
        assertEachFinalOnceInOrder();
    }

    @Test
    void refusesDocumentsOfAnotherSplit() {
        cluster.ingest(
                List.of(Texts.finalDocument("one"), Texts.document("two", SplitPart.FINAL, new Split(18, 0.05, 0.2))));

        assertThatThrownBy(() -> catchUp())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("seed 17")
                .hasMessageContaining("seed 18");
    }

    @Test
    void remembersTheSplitOfWhatIsScored() {
        cluster.ingest(List.of(Texts.finalDocument("one")));
        catchUp();
        cluster.ingest(List.of(Texts.document("two", SplitPart.FINAL, new Split(17, 0.05, 0.3))));

        assertThatThrownBy(() -> catchUp())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("reference 0.2)")
                .hasMessageContaining("reference 0.3)");
        assertThat(cluster.scored()).hasSize(1);
    }

    @Test
    void refusesTopicsThatDoNotFit() {
        assertThatThrownBy(() -> catchUp("topic.partitions=4"))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("has " + ScorerCluster.PARTITIONS + " partitions, expected 4");
    }

    @Test
    void waitsForATransactionThatIsOpenAtTheStart() throws Exception {
        cluster.ingest(Texts.documents(1, 20));
        cluster.producer().beginTransaction();
        Texts.documents(2, 20).forEach(cluster::send);
        cluster.producer().flush();
        CompletableFuture<Void> scorer = CompletableFuture.runAsync(() -> catchUp());
        int first = (int) Texts.documents(1, 20).stream()
                .filter(document -> document.getSplit().getPart() == SplitPart.FINAL)
                .count();
        ScorerCluster.await("the first scores", () -> cluster.scored().size() == first);
        assertThat(scorer).isNotDone();

        Clients.commit(cluster.producer());

        scorer.get();
        assertEachFinalOnceInOrder();
        assertThat(cluster.scored()).hasSizeGreaterThan(first);
    }

    @Test
    void namesThePartitionWhoseEndItCannotReach() {
        cluster.producer().beginTransaction();
        cluster.send(Texts.finalDocument("never decided"));
        cluster.producer().flush();
        ScorerSettings settings = cluster.settings();

        try (Stop stop = Stop.byRequest();
                ReferenceModel model = TestModels.uniform(tokenizer())) {
            Scorer scorer = ScorerCluster.scorer(settings, model, false, ScoredDocumentWriter.producers(settings));
            assertThatThrownBy(() -> scorer.follow(stop, Duration.ofSeconds(1), false))
                    .isInstanceOf(ProgramFailure.class)
                    .hasMessageContaining(cluster.topics().documents().name() + "-")
                    .hasMessageContaining("of 1;");
        }
        cluster.producer().abortTransaction();
    }

    @Test
    void sharesTheWorkWithAnotherMemberAndTakesItOver() throws Exception {
        try (Stop stopFirst = Stop.byRequest();
                Stop stopSecond = Stop.byRequest();
                ReferenceModel one = TestModels.uniform(tokenizer());
                ReferenceModel two = TestModels.uniform(tokenizer())) {
            CompletableFuture<Void> first = cluster.start(one, stopFirst, SMALL_FLIGHTS);
            cluster.ingest(Texts.documents(1, 100));
            CompletableFuture<Void> second = cluster.start(two, stopSecond, SMALL_FLIGHTS);
            ScorerCluster.await("a share for each", () -> cluster.shares().equals(List.of(1, 2)));
            cluster.ingest(Texts.documents(2, 100));
            ScorerCluster.await("all scored", () -> cluster.lag() == 0);
            stopFirst.request();
            first.get();
            cluster.ingest(Texts.documents(3, 100));
            ScorerCluster.await("all scored by the other", () -> cluster.lag() == 0);
            stopSecond.request();
            second.get();
        }

        assertEachFinalOnceInOrder();
    }

    @Test
    void losesAndDoublesNothingWhenAMemberComesInTheMiddleOfFlights() throws Exception {
        cluster.ingest(Texts.documents(1, 300));
        try (Stop stopFirst = Stop.byRequest();
                Stop stopSecond = Stop.byRequest();
                ReferenceModel one = TestModels.of(tokenizer(), slow());
                ReferenceModel two = TestModels.of(tokenizer(), slow())) {
            CompletableFuture<Void> first = cluster.start(one, stopFirst, SMALL_FLIGHTS);
            ScorerCluster.await("a first score", () -> cluster.scoredOffsets() > 0);
            CompletableFuture<Void> second = cluster.start(two, stopSecond, SMALL_FLIGHTS);
            ScorerCluster.await("a share for each", () -> cluster.shares().equals(List.of(1, 2)));
            stopFirst.request();
            first.get();
            ScorerCluster.await("all scored", () -> cluster.lag() == 0);
            stopSecond.request();
            second.get();
        }

        assertEachFinalOnceInOrder();
    }

    @Test
    void keepsTheOrderWithSeveralDevices() {
        cluster.ingest(Texts.documents(1, 300));

        try (ReferenceModel model = TestModels.of(tokenizer(), slow(), slow(), slow())) {
            cluster.catchUp(model, SMALL_FLIGHTS);
        }

        assertEachFinalOnceInOrder();
        assertThat(cluster.lag()).isZero();
    }

    @Test
    void startsAgainWhereTheGroupStandsWhenAWriteFails() {
        cluster.ingest(Texts.documents(1, 200));
        AtomicInteger commits = new AtomicInteger();

        follow(UnluckyProducer.failing(cluster, commits, n -> n % 3 == 2, () -> new KafkaException("not now")));

        assertThat(commits).hasValueGreaterThan(2);
        assertEachFinalOnceInOrder();
        assertThat(cluster.lag()).isZero();
    }

    /** The commit reaches the broker, its answer is lost. */
    @Test
    void doublesNothingWhenNobodyKnowsWhetherAWriteSucceeded() {
        cluster.ingest(Texts.documents(1, 200));
        AtomicInteger commits = new AtomicInteger();

        follow(UnluckyProducer.afterwards(cluster, commits, n -> n % 3 == 2, () -> new KafkaException("who knows")));

        assertThat(commits).hasValueGreaterThan(2);
        assertEachFinalOnceInOrder();
        assertThat(cluster.lag()).isZero();
    }

    @Test
    void givesUpWhenWritesKeepFailing() {
        cluster.ingest(Texts.documents(1, 20));

        assertThatThrownBy(() -> follow(UnluckyProducer.failing(
                        cluster, new AtomicInteger(), n -> true, () -> new KafkaException("not now"))))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("not now");
        assertThat(cluster.scored()).isEmpty();
    }

    /** Nobody shares its transactional id, so a fence means that the broker or the process was suspended. */
    @Test
    void scoresTheOthersAfterItIsFenced() {
        cluster.ingest(Texts.documents(1, 200));
        AtomicInteger commits = new AtomicInteger();

        follow(UnluckyProducer.failing(
                cluster, commits, n -> n > 1 && n < 8, () -> new ProducerFencedException("fenced")));

        assertThat(commits).hasValueGreaterThan(8);
        assertEachFinalOnceInOrder();
        assertThat(cluster.lag()).isZero();
    }

    @Test
    void scoresTheOthersAfterTheBrokerEndsAStalledTransaction() {
        cluster.ingest(Texts.documents(1, 100));
        AtomicInteger commits = new AtomicInteger();

        follow(UnluckyProducer.stalling(cluster, commits, 2));

        assertThat(commits).hasValueGreaterThan(2);
        assertEachFinalOnceInOrder();
        assertThat(cluster.lag()).isZero();
    }

    @Test
    void namesTheRootCauseOfAFailedWrite() {
        cluster.ingest(Texts.documents(1, 20));

        assertThatThrownBy(() -> follow(UnluckyProducer.failing(
                        cluster,
                        new AtomicInteger(),
                        n -> true,
                        () -> new KafkaException("error state", new TopicAuthorizationException("no right to write")))))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("no right to write");
    }

    @Test
    void finishesWhatADeviceHasBegunWhenItIsStopped() throws Exception {
        cluster.ingest(Texts.documents(1, 3000));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        UniformModel held = new UniformModel(TestModels.VOCABULARY, "uniform") {
            @Override
            public double[] rowNats(int[][] rows) {
                begun.countDown();
                awaitLatch(mayEnd);
                return super.rowNats(rows);
            }
        };
        try (Stop stop = Stop.byRequest();
                ReferenceModel model = TestModels.of(tokenizer(), held)) {
            CompletableFuture<Void> scorer = cluster.start(model, stop, SMALL_FLIGHTS);
            begun.await();
            stop.request();
            assertThat(cluster.scored()).isEmpty();
            mayEnd.countDown();
            scorer.get();
        }

        assertThat(cluster.scored()).isNotEmpty();
        assertThat(cluster.scored().size()).isLessThan(cluster.finals().size());
        catchUp(SMALL_FLIGHTS);
        assertEachFinalOnceInOrder();
    }

    @Test
    void failsWhenItIsStoppedTooEarly() {
        cluster.ingest(Texts.documents(1, 20));
        try (Stop stop = Stop.byRequest();
                ReferenceModel model = TestModels.uniform(tokenizer())) {
            stop.request();
            ScorerSettings settings = cluster.settings();
            assertThatThrownBy(
                            () -> ScorerCluster.scorer(settings, model, false, ScoredDocumentWriter.producers(settings))
                                    .follow(stop, ScorerCluster.PATIENCE, false))
                    .isInstanceOf(ProgramFailure.class)
                    .hasMessageContaining("stopped before");
        }
    }

    @Test
    void endsWithTheDeviceThatFails() {
        cluster.ingest(Texts.documents(1, 20));
        UniformModel broken = new UniformModel(TestModels.VOCABULARY, "uniform") {
            @Override
            public double[] rowNats(int[][] rows) {
                throw new IllegalStateException("device lost");
            }
        };
        try (ReferenceModel model = TestModels.of(tokenizer(), broken)) {
            assertThatThrownBy(() -> cluster.catchUp(model))
                    .isInstanceOf(ProgramFailure.class)
                    .hasMessageContaining("device lost");
        }
        assertThat(cluster.scored()).isEmpty();
    }

    @Test
    void continuesWithHalvesOfABatchThatDoesNotFit() {
        cluster.ingest(Texts.documents(1, 100));
        AtomicInteger refused = new AtomicInteger();
        UniformModel small = new UniformModel(TestModels.VOCABULARY, "uniform") {
            @Override
            public double[] rowNats(int[][] rows) {
                if (rows.length * rows[0].length > 500) {
                    refused.incrementAndGet();
                    throw new IllegalStateException("CUDA out of memory. Tried to allocate 2.00 GiB.");
                }
                return super.rowNats(rows);
            }
        };
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        ScorerSettings settings = cluster.settings();

        try (Stop stop = Stop.byRequest();
                ReferenceModel model = TestModels.of(tokenizer(), small)) {
            new Scorer(settings, model, false, ScoredDocumentWriter.producers(settings), ScorerCluster.tally(meters))
                    .follow(stop, ScorerCluster.PATIENCE, false);
        }

        assertThat(refused).hasValueBetween(1, 6);
        assertEachFinalOnceInOrder();
        assertThat(meters.get("bandpass.scorer.halved.batches").counter().count())
                .isEqualTo(refused.get());
        assertThat(meters.get("bandpass.scorer.documents")
                        .tag("outcome", "scored")
                        .counter()
                        .count())
                .isEqualTo(cluster.finals().size());
    }

    @Test
    void refusesDocumentsThatWereCreatedAgain() {
        cluster.ingest(Texts.documents(1, 50));
        catchUp();
        cluster.forgetPositions();
        try (ScorerCluster other = new ScorerCluster(broker())) {
            other.ingest(Texts.documents(1, 2));
            other.producer().beginTransaction();
            cluster.scored().forEach(scored -> other.copy(scored.record()));
            Clients.commit(other.producer());
            assertThatThrownBy(() -> {
                        try (ReferenceModel model = TestModels.uniform(tokenizer())) {
                            other.catchUp(model);
                        }
                    })
                    .isInstanceOf(ProgramFailure.class)
                    .hasMessageContaining("created again");
        }
    }

    private void follow(ScoredDocumentWriter.Producers producers) {
        try (Stop stop = Stop.byRequest();
                ReferenceModel model = TestModels.of(tokenizer(), slow())) {
            ScorerCluster.scorer(cluster.settings(SMALL_FLIGHTS), model, false, producers)
                    .follow(stop, ScorerCluster.PATIENCE, false);
        }
    }

    private void assertEachFinalOnceInOrder() {
        List<Place> sources = cluster.scored().stream().map(Scored::source).toList();
        // Both lists are in the order of partitions and offsets.
        assertThat(sources).isEqualTo(cluster.finals().stream().map(Place::of).toList());
        for (Scored scored : cluster.scored()) {
            assertThat(scored.record().partition()).isEqualTo(scored.source().partition());
        }
        Map<Place, Long> stamps = new HashMap<>();
        cluster.finals().forEach(record -> stamps.put(Place.of(record), record.timestamp()));
        cluster.scored()
                .forEach(scored -> assertThat(scored.record().timestamp()).isEqualTo(stamps.get(scored.source())));
    }

    private static String revision() {
        try (TextTokenizer opened = TextTokenizer.load(tokenizer())) {
            return opened.revision();
        }
    }

    private static Document sequence(String revision, int[] ids) {
        List<Integer> boxed = new ArrayList<>();
        for (int id : ids) {
            boxed.add(id);
        }
        return Document.newBuilder(Texts.finalDocument(""))
                .setId(DocumentId.of(ids))
                .setUnit(Unit.SEQUENCE)
                .setTokenIds(boxed)
                .setTokenizerRevision(revision)
                .build();
    }

    /** A model of random speed. */
    private static UniformModel slow() {
        Random random = new Random(3);
        return new UniformModel(TestModels.VOCABULARY, "uniform") {
            @Override
            public double[] rowNats(int[][] rows) {
                long until = System.nanoTime() + random.nextInt(20_000_000);
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                return super.rowNats(rows);
            }
        };
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
