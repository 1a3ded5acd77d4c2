package org.bandpass.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.scorer.ScorerCluster.Place;
import org.bandpass.scorer.ScorerCluster.Scored;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The broker goes away in the middle of flights and comes back on the same folder and port. {@code FollowIT} does the
 * same with the clients' usual time-outs.
 */
@Tag("slow")
@Timeout(300)
class ScorerOutageTest {

    private static final Duration OUTAGE = Duration.ofSeconds(8);

    /** Clients that give up after a fraction of a second, so that an outage of seconds is long. */
    private static final String[] IMPATIENT = {
        "scorer.flight.max.tokens=400",
        "kafka.request.timeout.ms=300",
        "kafka.delivery.timeout.ms=400",
        "kafka.default.api.timeout.ms=400",
        "kafka.max.block.ms=400"
    };

    @TempDir
    private Path folder;

    private Path tokenizer;

    @BeforeEach
    void train() {
        tokenizer = TestModels.tokenizer(folder);
    }

    @Test
    void losesAndDoublesNothingInAnOutageOfTwentyTimeOuts() throws Exception {
        EmbeddedBroker broker = start(0);
        try (Stop stop = Stop.byRequest();
                ReferenceModel model = TestModels.of(tokenizer, slow());
                ScorerCluster cluster = new ScorerCluster(broker)) {
            cluster.ingest(Texts.documents(1, 400));
            CompletableFuture<Void> scorer = cluster.start(model, stop, IMPATIENT);
            ScorerCluster.await("a first score", () -> cluster.scoredOffsets() > 0);
            broker.close();
            LockSupport.parkNanos(OUTAGE.toNanos());
            assertThat(scorer).isNotDone();
            broker = start(port(broker));

            cluster.ingest(Texts.documents(2, 50));
            ScorerCluster.await("all scored", () -> cluster.lag() == 0);
            stop.request();
            scorer.get(60, TimeUnit.SECONDS);

            assertEachOnceInOrder(cluster);
        } finally {
            broker.close();
        }
    }

    @Test
    void aJobGivesUpAndTheNextScoresTheOthers() throws Exception {
        EmbeddedBroker broker = start(0);
        try (ReferenceModel model = TestModels.of(tokenizer, slow());
                ScorerCluster cluster = new ScorerCluster(broker)) {
            cluster.ingest(Texts.documents(1, 400));
            String[] settings = Arrays.copyOf(IMPATIENT, IMPATIENT.length + 1);
            settings[IMPATIENT.length] = "outage.patience.ms=5000";
            CompletableFuture<Void> job = CompletableFuture.runAsync(
                    () -> cluster.catchUp(model, settings), task -> new Thread(task).start());
            ScorerCluster.await("a first score", () -> job.isDone() || cluster.scoredOffsets() > 0);
            assertThat(job).isNotDone();

            broker.close();

            assertThatThrownBy(() -> job.get(120, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(ProgramFailure.class)
                    .hasMessageContaining("outage.patience.ms")
                    .hasMessageContaining(broker.bootstrapServers());
            broker = start(port(broker));
            cluster.catchUp(model);
            assertEachOnceInOrder(cluster);
        } finally {
            broker.close();
        }
    }

    private static void assertEachOnceInOrder(ScorerCluster cluster) {
        assertThat(cluster.scored())
                .extracting(Scored::source)
                .isEqualTo(cluster.finals().stream().map(Place::of).toList());
        assertThat(cluster.deadLetters()).isEmpty();
        assertThat(cluster.lag()).isZero();
    }

    private EmbeddedBroker start(int port) {
        return EmbeddedBroker.start(
                folder.resolve("broker"),
                "localhost",
                port,
                Map.of(
                        "group.consumer.heartbeat.interval.ms", "100",
                        "group.consumer.min.heartbeat.interval.ms", "100"));
    }

    private static int port(EmbeddedBroker broker) {
        String servers = broker.bootstrapServers();
        return Integer.parseInt(servers.substring(servers.lastIndexOf(':') + 1));
    }

    /** So slow that the broker stops in the middle of the work. */
    private static UniformModel slow() {
        return new UniformModel(TestModels.VOCABULARY, "uniform") {
            @Override
            public double[] rowNats(int[][] rows) {
                LockSupport.parkNanos(20_000_000);
                return super.rowNats(rows);
            }
        };
    }
}
