package org.bandpass.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.console.Lag.From.BEGINNING;
import static org.bandpass.console.Lag.From.COMMITTED;
import static org.bandpass.console.Lag.From.OUTPUT;
import static org.bandpass.console.Lag.From.UNKNOWN;
import static org.bandpass.schemas.SplitPart.FINAL;
import static org.bandpass.schemas.SplitPart.REFERENCE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.EvaluationResult;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.OffsetRange;
import org.bandpass.schemas.RunRole;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.ScoreDigest;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.TrainingRun;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Numbered cases in which tools for consumer lag are known to be wrong. */
class LagCasesTest {

    private static EmbeddedBroker broker;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    /**
     * A case.
     *
     * @param number what it is called
     * @param given brings a pipeline into its state
     * @param group whose lag is asked for
     * @param lag the right one, or null for unknown
     * @param from what says where the program stands
     * @param words what people must be able to read
     */
    private record Case(
            String number, Consumer<WrittenPipeline> given, String group, Long lag, Lag.From from, String words) {

        @Override
        public String toString() {
            return number;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("L1 a marker is the last entry", LagCasesTest::caughtUp, "scorer", 0L, COMMITTED, "stopped"),
                new Case("L2 half-way", LagCasesTest::halfWay, "scorer", 6L, COMMITTED, "stopped"),
                new Case("L5 an open transaction", LagCasesTest::openTransaction, "scorer", 0L, COMMITTED, "stopped"),
                new Case("L5b its commit is pending", LagCasesTest::pendingCommit, "scorer", 0L, COMMITTED, "stopped"),
                new Case("L6 records are gone", LagCasesTest::recordsGone, "scorer", 6L, COMMITTED, "3 offsets were"),
                new Case("L7 never started", LagCasesTest::neverStarted, "scorer", 6L, BEGINNING, "not started"),
                new Case("L8b scorer", LagCasesTest::expiredScorer, "scorer", 2L, OUTPUT, "its offsets are gone"),
                new Case("L8b calibrator", LagCasesTest::expiredCalibrator, "calibrator", 3L, OUTPUT, "are gone"),
                new Case("L8b frozen plan", LagCasesTest::expiredFrozen, "router.p", 5L, OUTPUT, "are gone"),
                new Case("L8b eval", LagCasesTest::expiredEval, "eval", 1L, OUTPUT, "its offsets are gone"),
                new Case("L8c live plan", LagCasesTest::expiredLive, "router.p", null, UNKNOWN, "refuses to start"),
                new Case("L8c scorer", LagCasesTest::foreignScores, "scorer", null, UNKNOWN, "partition 1 offset 0"),
                new Case("L8c trainer", LagCasesTest::expiredTrainer, "trainer.t", null, UNKNOWN, "checkpoint"),
                new Case("L10b committed beyond", LagCasesTest::beyond, "scorer", null, UNKNOWN, "impossible"),
                new Case("L10b scored beyond", LagCasesTest::scoredBeyond, "scorer", null, UNKNOWN, "impossible"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void showsTheRightLag(Case each) {
        try (WrittenPipeline pipeline = new WrittenPipeline(broker)) {
            pipeline.create();
            each.given().accept(pipeline);

            Lag lag = pipeline.lag(each.group());

            assertThat(lag.documents()).isEqualTo(each.lag());
            assertThat(lag.atMost()).isEqualTo(each.lag());
            assertThat(lag.from()).isEqualTo(each.from());
            assertThat(lag.state()).contains(each.words());
            assertThat(lag.problem() != null).isEqualTo(each.from() == UNKNOWN);
        }
    }

    /** L5: also shows how much is blocked, by whom and since when. */
    @Test
    void namesTheOpenTransactionThatBlocks() throws IOException {
        try (WrittenPipeline pipeline = new WrittenPipeline(broker)) {
            pipeline.create();
            openTransaction(pipeline);

            JsonNode scorer = json(pipeline).get(0);

            assertThat(scorer.get("lag").asLong()).isZero();
            assertThat(scorer.get("blocked").asLong()).isEqualTo(9);
            assertThat(scorer.get("blockedBy").asText()).isEqualTo(pipeline.topics.group("open"));
            assertThat(scorer.get("blockedSeconds").asLong()).isBetween(0L, 600L);
            assertThat(scorer.get("problem").isNull()).isTrue();
        }
    }

    /** L16b: an unreadable record hides no other. */
    @Test
    void namesUnreadablePlansAndRunsAndShowsTheRest() throws IOException {
        try (WrittenPipeline pipeline = new WrittenPipeline(broker)) {
            pipeline.create();
            pipeline.commit("scorer", first(pipeline));
            pipeline.send(pipeline.topics.scoredDocuments(), 4);
            pipeline.write(pipeline.topics.plans(), "good", pipeline.plan("good"));
            pipeline.send(unreadable(pipeline.topics.plans(), "bad-plan"));
            pipeline.send(unreadable(pipeline.topics.trainingRuns(), "bad-run"));
            pipeline.write(pipeline.topics.trainingRuns(), "one", finished(pipeline, "one", "a"));

            List<JsonNode> lines = json(pipeline);

            assertThat(lines)
                    .extracting(line -> line.get("group")
                                    .asText()
                                    .substring(pipeline.topics.prefix().length()) + " "
                            + line.get("lag"))
                    .containsExactly(
                            "scorer 0",
                            "calibrator 4",
                            "router.good 4",
                            "router.bad-plan null",
                            "trainer.one 0",
                            "trainer.bad-run null",
                            "eval 2");
            assertThat(lines.get(3).get("problem").asText())
                    .startsWith("the record at " + pipeline.topics.plans().name()
                            + " partition 0 offset 1 (key bad-plan) cannot be read: ");
            assertThat(pipeline.run())
                    .contains("unknown")
                    .contains(pipeline.topics.trainingRuns().name() + " partition 0 offset 0 (key bad-run)");
        }
    }

    private static List<JsonNode> json(WrittenPipeline pipeline) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : pipeline.run("--json").lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    private static void caughtUp(WrittenPipeline pipeline) {
        pipeline.ingest(6, FINAL);
        pipeline.commit("scorer", pipeline.ends(pipeline.topics.documents()));
    }

    private static void halfWay(WrittenPipeline pipeline) {
        caughtUp(pipeline);
        for (int transaction = 0; transaction < 6; transaction++) {
            pipeline.ingest(1, FINAL);
        }
    }

    private static void openTransaction(WrittenPipeline pipeline) {
        caughtUp(pipeline);
        pipeline.leaveOpen(9, FINAL);
    }

    private static void pendingCommit(WrittenPipeline pipeline) {
        caughtUp(pipeline);
        Map<TopicPartition, Long> ends = pipeline.ends(pipeline.topics.documents());
        pipeline.leaveCommitPending("scorer", ends);
    }

    private static void recordsGone(WrittenPipeline pipeline) {
        pipeline.commit("scorer", first(pipeline));
        pipeline.ingest(9, FINAL);
        pipeline.deleteBefore(pipeline.topics.documents(), 1);
    }

    private static void neverStarted(WrittenPipeline pipeline) {
        pipeline.ingest(9, FINAL);
        pipeline.ingest(3, REFERENCE);
        pipeline.deleteBefore(pipeline.topics.documents(), 1);
    }

    private static void expiredScorer(WrittenPipeline pipeline) {
        pipeline.ingest(9, FINAL);
        pipeline.commit("scorer", first(pipeline));
        for (int partition = 0; partition < WrittenPipeline.PARTITIONS; partition++) {
            long scored = partition == 2 ? 0 : 2;
            pipeline.send(pipeline.topics.scoredDocuments(), partition, HeaderNames.SOURCE_OFFSET, scored);
        }
        pipeline.expire("scorer");
    }

    private static void expiredCalibrator(WrittenPipeline pipeline) {
        pipeline.send(pipeline.topics.scoredDocuments(), 9);
        pipeline.write(pipeline.topics.scoreDigests(), "0", digest(pipeline, 0, 3));
        pipeline.write(pipeline.topics.scoreDigests(), "1", digest(pipeline, 1, 2));
        pipeline.write(pipeline.topics.scoreDigests(), "2", digest(pipeline, 2, 1));
    }

    private static void expiredFrozen(WrittenPipeline pipeline) {
        pipeline.send(pipeline.topics.scoredDocuments(), 12);
        pipeline.write(pipeline.topics.plans(), "p", pipeline.frozenPlan("p"));
        route(pipeline, 0, 1);
        route(pipeline, 1, 2);
        refuse(pipeline, "p", 2);
        refuse(pipeline, "another", 3);
        // Left are offset 3 of partitions 0 and 1, and three records of partition 2.
        pipeline.commit(
                "router.p",
                Map.of(new TopicPartition(pipeline.topics.scoredDocuments().name(), 2), 1L));
    }

    private static void refuse(WrittenPipeline pipeline, String plan, long scoredOffset) {
        DeadLetter letter = DeadLetter.newBuilder()
                .setProgram("router")
                .setReason("unreadable")
                .setDetail("")
                .setTopic(pipeline.topics.scoredDocuments().name())
                .setPartition(0)
                .setOffset(scoredOffset)
                .build();
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                pipeline.topics.deadLetters("router").name(),
                HeaderNames.bytes("x"),
                AvroSerde.of(DeadLetter.class).write(letter));
        record.headers().add(HeaderNames.PLAN, HeaderNames.bytes(plan));
        pipeline.send(record);
    }

    private static void expiredLive(WrittenPipeline pipeline) {
        pipeline.send(pipeline.topics.scoredDocuments(), 12);
        pipeline.write(pipeline.topics.plans(), "p", pipeline.plan("p"));
        route(pipeline, 1, 2);
    }

    private static void foreignScores(WrittenPipeline pipeline) {
        pipeline.ingest(9, FINAL);
        pipeline.send(pipeline.topics.scoredDocuments(), 1, HeaderNames.SCORED_OFFSET, 1);
    }

    private static void expiredTrainer(WrittenPipeline pipeline) {
        pipeline.send(pipeline.topics.scoredDocuments(), 9);
        List<OffsetRange> snapshot = List.of(new OffsetRange(0, 0L, 3L, 3L));
        pipeline.write(
                pipeline.topics.trainingRuns(),
                "t",
                pipeline.trainingRun("t", RunState.PROGRESS, RunRole.CONTROL, snapshot));
    }

    private static void expiredEval(WrittenPipeline pipeline) {
        pipeline.write(pipeline.topics.trainingRuns(), "one", finished(pipeline, "one", "a"));
        pipeline.write(pipeline.topics.trainingRuns(), "two", finished(pipeline, "two", "b"));
        EvaluationResult result = EvaluationResult.newBuilder()
                .setRunId("one")
                .setModelRevision("a")
                .setTask("held-out")
                .setTaskVersion("1")
                .setFromRow(0)
                .setToRow(0)
                .setTaskRows(0)
                .setRows(List.of())
                .build();
        pipeline.write(pipeline.topics.evaluations(), "one/held-out/0-0", result);
    }

    private static void beyond(WrittenPipeline pipeline) {
        caughtUp(pipeline);
        Map<TopicPartition, Long> beyond = new HashMap<>(pipeline.ends(pipeline.topics.documents()));
        beyond.replaceAll((partition, end) -> end + 1);
        pipeline.commit("scorer", beyond);
    }

    private static void scoredBeyond(WrittenPipeline pipeline) {
        pipeline.ingest(9, FINAL);
        pipeline.send(pipeline.topics.scoredDocuments(), 1, HeaderNames.SOURCE_OFFSET, 77);
    }

    private static Map<TopicPartition, Long> first(WrittenPipeline pipeline) {
        Map<TopicPartition, Long> first = new HashMap<>(pipeline.ends(pipeline.topics.documents()));
        first.replaceAll((partition, end) -> 0L);
        return first;
    }

    private static void route(WrittenPipeline pipeline, int partition, long scoredOffset) {
        TopicSpec band = pipeline.topics.band("p", "high");
        TopicAdmin.ensure(pipeline.admin, List.of(band));
        pipeline.send(band, partition, HeaderNames.SCORED_OFFSET, scoredOffset);
    }

    private static ScoreDigest digest(WrittenPipeline pipeline, int partition, long covered) {
        return ScoreDigest.newBuilder()
                .setScoredTopic(pipeline.topics.scoredDocuments().name())
                .setModelRevision("a")
                .setStratum("all")
                .setPartition(partition)
                .setPartitions(WrittenPipeline.PARTITIONS)
                .setCount(covered)
                .setCovered(covered)
                .setDigest(ByteBuffer.allocate(0))
                .build();
    }

    private static TrainingRun finished(WrittenPipeline pipeline, String run, String revision) {
        return TrainingRun.newBuilder(pipeline.trainingRun(run, RunState.FINISHED, RunRole.CONTROL, List.of()))
                .setModelRevision(revision)
                .build();
    }

    private static ProducerRecord<byte[], byte[]> unreadable(TopicSpec topic, String key) {
        return new ProducerRecord<>(topic.name(), HeaderNames.bytes(key), new byte[] {7});
    }
}
