package org.bandpass.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.scorer.ScorerCluster.Place;
import org.bandpass.scorer.ScorerCluster.Scored;
import org.bandpass.service.Stop;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills scorers in separate processes at random moments, or stops them. */
class KilledScorerTest {

    /** Several transactions of a child: more than the markers of a killed one, at most one per partition. */
    private static final int SOME = 20;

    private static EmbeddedBroker broker;

    @TempDir
    private static Path brokerFolder;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startBroker() {
        // The broker notices killed members soon; other settings are the defaults.
        broker = EmbeddedBroker.start(
                brokerFolder,
                "localhost",
                0,
                Map.of(
                        "group.consumer.session.timeout.ms", "4000",
                        "group.consumer.min.session.timeout.ms", "4000",
                        "group.consumer.heartbeat.interval.ms", "200",
                        "group.consumer.min.heartbeat.interval.ms", "200",
                        "transaction.abort.timed.out.transaction.cleanup.interval.ms", "500"));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    @Tag("slow")
    @Timeout(1_800)
    void losesAndDoublesNothingWhenItIsKilledTwentyTimes() throws Exception {
        int kills = 20;
        Random random = new Random(kills);
        Path tokenizer = TestModels.tokenizer(folder);
        try (ScorerCluster cluster = new ScorerCluster(broker)) {
            cluster.ingest(Texts.documents(kills, 12_000));
            int finals = cluster.finals().size();
            for (int kill = 1; kill <= kills; kill++) {
                long before = cluster.scoredOffsets();
                Process victim = child(cluster, tokenizer);
                try {
                    awaitScores(cluster, before + SOME, victim);
                    // The child is in a series of small transactions now.
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(100));
                } finally {
                    // SIGKILL: no shutdown hook, no close, no abort.
                    victim.destroyForcibly().waitFor();
                }
            }
            assertThat(cluster.scored().size()).isBetween(1, finals - 1);
            try (ReferenceModel model = TestModels.uniform(tokenizer)) {
                cluster.catchUp(model);
            }

            assertThat(cluster.scored())
                    .extracting(Scored::source)
                    .isEqualTo(cluster.finals().stream().map(Place::of).toList());
            assertThat(cluster.lag()).isZero();
        }
    }

    @Test
    @Tag("slow")
    @Timeout(600)
    void stopsCleanlyOnSigterm() throws Exception {
        Path tokenizer = TestModels.tokenizer(folder);
        try (ScorerCluster cluster = new ScorerCluster(broker)) {
            cluster.ingest(Texts.documents(1, 1_600));
            Process scorer = child(cluster, tokenizer);
            try {
                awaitScores(cluster, SOME, scorer);

                scorer.destroy();

                assertThat(scorer.waitFor(120, TimeUnit.SECONDS)).isTrue();
            } finally {
                scorer.destroyForcibly().waitFor();
            }
            // It has left the group, and its transaction has ended.
            assertThat(cluster.shares()).isEmpty();
            int scored = cluster.scored().size();
            assertThat(scored).isBetween(1, cluster.finals().size() - 1);
            assertThat(cluster.scored())
                    .extracting(Scored::source)
                    .doesNotHaveDuplicates()
                    .isSubsetOf(cluster.finals().stream().map(Place::of).toList());
        }
    }

    /** Waits by asking for offsets, which is quick: the child must not finish before that. */
    private static void awaitScores(ScorerCluster cluster, long offsets, Process child) {
        ScorerCluster.await("some more scores", () -> {
            assertThat(child.isAlive()).isTrue();
            return cluster.scoredOffsets() >= offsets;
        });
    }

    private Process child(ScorerCluster cluster, Path tokenizer) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx300m",
                "-cp",
                System.getProperty("java.class.path"),
                KilledScorerTest.class.getName(),
                cluster.broker().bootstrapServers(),
                cluster.topics().prefix(),
                tokenizer.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(folder.toFile(), "child.log")))
                .start();
    }

    /** The child: scores slowly, in flights of a few documents. */
    public static void main(String[] arguments) {
        ScorerSettings settings = ScorerSettingsTest.parse(
                "kafka.bootstrap.servers=" + arguments[0],
                "topic.prefix=" + arguments[1],
                "topic.partitions=" + ScorerCluster.PARTITIONS,
                "scorer.flight.max.tokens=200",
                "kafka.transaction.timeout.ms=4000");
        UniformModel slow = new UniformModel(TestModels.VOCABULARY, "uniform") {
            @Override
            public double[] rowNats(int[][] rows) {
                try {
                    TimeUnit.MILLISECONDS.sleep(20);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return super.rowNats(rows);
            }
        };
        try (Stop stop = Stop.onSignal(Duration.ofSeconds(60));
                ReferenceModel model = TestModels.of(Path.of(arguments[2]), slow)) {
            ScorerCluster.scorer(settings, model, false, ScoredDocumentWriter.producers(settings))
                    .follow(stop, null, false);
        }
    }
}
