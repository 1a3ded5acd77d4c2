package org.bandpass.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bandpass.schemas.SplitPart.FINAL;
import static org.bandpass.schemas.SplitPart.HELD_OUT;
import static org.bandpass.schemas.SplitPart.REFERENCE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.OffsetRange;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.RunRole;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.service.ProgramFailure;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lags on a real broker, with transactions committed, aborted and open, and positions committed by real clients. */
class LagCommandTest {

    private static EmbeddedBroker broker;

    private WrittenPipeline pipeline;

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
        pipeline = new WrittenPipeline(broker);
    }

    @AfterEach
    void closeClients() {
        pipeline.close();
    }

    @Test
    void showsProgramsWhoseTopicsDoNotExistYet() {
        assertThat(pipeline.lags()).extracting(Lag::program).containsExactly("scorer", "calibrator", "eval");
        assertThat(pipeline.lags()).allSatisfy(lag -> {
            assertThat(lag.documents()).isNull();
            assertThat(lag.state()).isEqualTo("no such topic yet");
        });
        assertThat(pipeline.run()).contains("PROGRAM").contains("no such topic yet");
    }

    @Test
    void countsEverythingForAGroupThatNeverStarted() {
        pipeline.create();
        pipeline.ingest(20, FINAL);
        pipeline.ingest(7, HELD_OUT);

        Lag scorer = pipeline.lag("scorer");

        assertThat(scorer.documents()).isEqualTo(20);
        assertThat(scorer.exact()).isTrue();
        assertThat(scorer.partitions()).isEqualTo(WrittenPipeline.PARTITIONS);
        assertThat(scorer.state()).isEqualTo("not started");
    }

    @Test
    void countsZeroForACaughtUpScorerAndExactlyTheHundredThatCameAfterIt() {
        pipeline.create();
        for (int transaction = 0; transaction < 10; transaction++) {
            pipeline.ingest(9, FINAL);
            pipeline.ingest(3, REFERENCE);
        }
        pipeline.commitInTransaction("scorer", pipeline.ends(pipeline.topics.documents()));
        assertThat(pipeline.lag("scorer").documents()).isZero();
        assertThat(pipeline.lag("scorer").state()).isEqualTo("stopped");

        for (int transaction = 0; transaction < 20; transaction++) {
            pipeline.ingest(5, FINAL);
            pipeline.ingest(2, REFERENCE);
            pipeline.ingest(1, HELD_OUT);
            pipeline.abort(4, FINAL);
        }

        assertThat(pipeline.lag("scorer").documents()).isEqualTo(100);
        assertThat(pipeline.lag("scorer").exact()).isTrue();
    }

    @Test
    void countsZeroWhenOnlyMarkersAndAbortedRecordsFollowThePosition() {
        pipeline.create();
        pipeline.ingest(5, FINAL);
        Map<TopicPartition, Long> afterLastRecord = new HashMap<>();
        OffsetSnapshot.written(
                        pipeline.admin,
                        pipeline.reader,
                        pipeline.topics.documents().name())
                .read(
                        pipeline.reader,
                        record -> afterLastRecord.put(
                                new TopicPartition(record.topic(), record.partition()), record.offset() + 1));
        pipeline.commit("scorer", afterLastRecord);
        pipeline.abort(8, FINAL);

        assertThat(pipeline.lag("scorer").documents()).isZero();
        assertThat(pipeline.lag("scorer").exact()).isTrue();
    }

    @Test
    void doesNotCountWhatAnOpenTransactionMayStillAbort() {
        pipeline.create();
        pipeline.ingest(4, FINAL);
        try (Producer<byte[], byte[]> open = pipeline.transactional("open")) {
            open.beginTransaction();
            pipeline.documents(6, FINAL).forEach(open::send);
            open.flush();
            assertThat(pipeline.lag("scorer").documents()).isEqualTo(4);
            Clients.commit(open);
        }
        pipeline.awaitMarkers();
        assertThat(pipeline.lag("scorer").documents()).isEqualTo(10);
    }

    @Test
    void showsALowerBoundWhereReadingAllWouldTakeTooLong() {
        pipeline.create();
        pipeline.ingest(300, FINAL);

        Lag scorer = pipeline.lag("scorer", "console.lag.max.records=100");

        assertThat(scorer.exact()).isFalse();
        assertThat(scorer.documents()).isBetween(1L, 300L);
        assertThat(scorer.atMost()).isGreaterThanOrEqualTo(300L);
        assertThat(pipeline.run("-s", "console.lag.max.records=100")).contains("≥ ");
    }

    @Test
    void countsForARouterOfEachPlanAndTheCalibrator() {
        pipeline.create();
        pipeline.write(pipeline.topics.plans(), "high-50", pipeline.plan("high-50"));
        pipeline.write(pipeline.topics.plans(), "low-25", pipeline.plan("low-25"));
        pipeline.send(pipeline.topics.scoredDocuments(), 12);
        pipeline.commit("router.low-25", pipeline.ends(pipeline.topics.scoredDocuments()));
        pipeline.send(pipeline.topics.scoredDocuments(), 5);

        assertThat(pipeline.lag("router.high-50").documents()).isEqualTo(17);
        assertThat(pipeline.lag("router.high-50").state()).isEqualTo("not started");
        assertThat(pipeline.lag("router.low-25").documents()).isEqualTo(5);
        assertThat(pipeline.lag("calibrator").documents()).isEqualTo(17);
    }

    @Test
    void countsForATrainerWhatItsSnapshotStillHolds() {
        pipeline.create();
        pipeline.send(pipeline.topics.scoredDocuments(), 30);
        Map<TopicPartition, Long> ends = pipeline.ends(pipeline.topics.scoredDocuments());
        List<OffsetRange> snapshot = ends.entrySet().stream()
                .map(end -> new OffsetRange(end.getKey().partition(), 0L, end.getValue(), 10L))
                .toList();
        pipeline.send(pipeline.topics.scoredDocuments(), 9);
        pipeline.write(
                pipeline.topics.trainingRuns(),
                "control",
                pipeline.trainingRun("control", RunState.PROGRESS, RunRole.CONTROL, snapshot));
        pipeline.write(
                pipeline.topics.trainingRuns(),
                "done",
                pipeline.trainingRun("done", RunState.FINISHED, RunRole.CONTROL, snapshot));
        pipeline.commit(
                "trainer.control",
                Map.of(new TopicPartition(pipeline.topics.scoredDocuments().name(), 0), 4L));

        assertThat(pipeline.lag("trainer.control").documents()).isEqualTo(26);
        assertThat(pipeline.lag("trainer.control").state()).isEqualTo("training, step 3 of 10");
        assertThat(pipeline.lag("trainer.done").documents()).isZero();
        assertThat(pipeline.lag("trainer.done").state()).isEqualTo("finished");
    }

    @Test
    void countsForTheReferenceTrainerOnlyItsSplit() {
        pipeline.create();
        pipeline.ingest(10, FINAL);
        pipeline.ingest(6, REFERENCE);
        List<OffsetRange> snapshot = pipeline.ends(pipeline.topics.documents()).entrySet().stream()
                .map(end -> new OffsetRange(end.getKey().partition(), 0L, end.getValue(), 0L))
                .toList();
        TrainingRun run = pipeline.trainingRun("reference", RunState.STARTED, RunRole.REFERENCE, snapshot);
        pipeline.write(pipeline.topics.trainingRuns(), "reference", run);

        assertThat(pipeline.lag("trainer.reference").documents()).isEqualTo(6);
    }

    @Test
    void countsForEvalTheFinishedRunsItHasNotSeen() {
        pipeline.create();
        pipeline.write(
                pipeline.topics.trainingRuns(),
                "one",
                pipeline.trainingRun("one", RunState.FINISHED, RunRole.CONTROL, List.of()));
        pipeline.commit("eval", pipeline.ends(pipeline.topics.trainingRuns()));
        assertThat(pipeline.lag("eval").documents()).isZero();

        pipeline.write(
                pipeline.topics.trainingRuns(),
                "two",
                pipeline.trainingRun("two", RunState.PROGRESS, RunRole.CONTROL, List.of()));
        pipeline.write(
                pipeline.topics.trainingRuns(),
                "three",
                pipeline.trainingRun("three", RunState.FINISHED, RunRole.CONTROL, List.of()));

        assertThat(pipeline.lag("eval").documents()).isEqualTo(1);
    }

    @Test
    void printsOneJsonObjectALine() throws IOException {
        pipeline.create();
        pipeline.ingest(2, FINAL);

        List<JsonNode> lines = new ArrayList<>();
        for (String line : pipeline.run("--json").lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }

        JsonNode scorer = lines.get(0);
        assertThat(scorer.get("program").asText()).isEqualTo("scorer");
        assertThat(scorer.get("group").asText()).isEqualTo(pipeline.topics.group("scorer"));
        assertThat(scorer.get("topic").asText())
                .isEqualTo(pipeline.topics.documents().name());
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
                pipeline.topics,
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
                pipeline.topics, Map.of("bootstrap.servers", "no-such-host.invalid:9092"), 10, Duration.ofSeconds(1));

        assertThatThrownBy(() -> LagCommand.lags(settings))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("no-such-host.invalid");
    }
}
