package org.bandpass.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.RunRole;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.TrainingRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a run's records while the broker is away. */
class RunWriterTest {

    @TempDir
    private Path folder;

    @Test
    @Timeout(600)
    void waitsForABrokerWhereARecordMustNotBeMissing() throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start(folder, "localhost", 0, Map.of());
        int port = Integer.parseInt(broker.bootstrapServers().replaceAll(".*:", ""));
        try (TrainerTopics topics = new TrainerTopics(broker)) {
            TrainerSettings settings = topics.settings("kafka.max.block.ms=2000");
            try (TrainerCluster cluster = TrainerCluster.open(settings.settings());
                    Consumer<byte[], byte[]> group = Clients.follower(
                            settings.reader(), settings.topics(), RunWriter.name(settings.topics(), "a"));
                    RunWriter writer = new RunWriter(settings, "a", group.groupMetadata())) {
                cluster.ensure(List.of(topics.topics().trainingRuns()));
                writer.insist(state(RunState.STARTED), Map.of(), Map.of());
                broker.close();

                // The training goes on without this one.
                assertThatThrownBy(() -> writer.write(state(RunState.PROGRESS), Map.of(), Map.of()))
                        .isInstanceOf(KafkaException.class);
                CompletableFuture<Void> finished =
                        CompletableFuture.runAsync(() -> writer.insist(state(RunState.FINISHED), Map.of(), Map.of()));
                broker = EmbeddedBroker.start(folder, "localhost", port, Map.of());
                finished.get();

                assertThat(topics.last("a").getState()).isEqualTo(RunState.FINISHED);
            }
        } finally {
            broker.close();
        }
    }

    private static TrainingRun state(RunState state) {
        return TrainingRun.newBuilder()
                .setRunId("a")
                .setState(state)
                .setRole(RunRole.CONTROL)
                .setTopic("t")
                .setSeed(1)
                .setUpdatedAt(Instant.EPOCH)
                .build();
    }
}
