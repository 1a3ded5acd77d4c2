package org.bandpass.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.SplitPart;
import org.bandpass.service.Stop;
import org.bandpass.trainer.data.Texts;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The broker stops in the middle of a training. */
class OutlivedOutageTest {

    /** Less than one pass, so that each window of rows is read from the broker. */
    private static final long TOKENS = 199 * TinyRuns.SEQUENCE_TOKENS;

    private static final String[] SETTINGS = {
        "trainer.progress.interval.ms=50",
        "trainer.shuffle.block.records=4",
        "trainer.shuffle.buffer.records=16",
        "kafka.max.block.ms=5000",
        "kafka.request.timeout.ms=1000",
        "kafka.default.api.timeout.ms=1500"
    };

    @TempDir
    private Path folder;

    @Test
    @Tag("slow")
    @Timeout(600)
    void givesTheSameModelAndGivesUpWhereTheOutageLastsTooLong() throws Exception {
        Path data = Files.createDirectory(folder.resolve("broker"));
        EmbeddedBroker broker = EmbeddedBroker.start(data, "localhost", 0, Map.of());
        int port = Integer.parseInt(broker.bootstrapServers().replaceAll(".*:", ""));
        try (TrainerTopics topics = new TrainerTopics(broker);
                Stop stop = Stop.byRequest()) {
            topics.score(Texts.documents(SplitPart.FINAL, 300, 20));
            TinyRuns runs = new TinyRuns(folder, topics.settings(SETTINGS), stop);
            RunRequest whole = runs.request("whole", TinyRuns.control(), TOKENS);
            runs.train(whole);
            RunRequest lost = TinyRuns.with(
                    runs.request("lost", TinyRuns.control(), TOKENS), 7, folder.resolve("lost"), false, 10);
            CompletableFuture<String> training = CompletableFuture.supplyAsync(
                    () -> new TinyRuns(folder, topics.settings(with("outage.patience.ms=4000")), stop).train(lost));
            awaitStep(lost, 20);
            broker.close();

            assertThatThrownBy(training::get)
                    .rootCause()
                    .hasMessageContaining("no data came for 4 s (outage.patience.ms)");
            assertThat(KilledTrainerTest.atLeast(lost.out(), 20)).isTrue();

            broker = EmbeddedBroker.start(data, "localhost", port, Map.of());
            CompletableFuture<String> resumed = CompletableFuture.supplyAsync(() -> runs.train(TinyRuns.resumed(lost)));
            awaitStep(lost, 60);
            broker.close();
            broker = EmbeddedBroker.start(data, "localhost", port, Map.of());
            resumed.get();

            TrainerTest.assertSameModel(whole, lost);
            assertThat(topics.last("lost").getState()).isEqualTo(RunState.FINISHED);
            assertThat(topics.last("lost").getLosses())
                    .isEqualTo(topics.last("whole").getLosses());
        } finally {
            broker.close();
        }
    }

    private static String[] with(String setting) {
        String[] all = Arrays.copyOf(SETTINGS, SETTINGS.length + 1);
        all[SETTINGS.length] = setting;
        return all;
    }

    private static void awaitStep(RunRequest request, int step) throws InterruptedException {
        while (!KilledTrainerTest.atLeast(request.out(), step)) {
            Thread.sleep(1);
        }
    }
}
