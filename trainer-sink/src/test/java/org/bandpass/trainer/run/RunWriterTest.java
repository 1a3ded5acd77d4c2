package org.bandpass.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.RunRole;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.service.Stop;
import org.bandpass.trainer.data.TrainerCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run's records while the broker is unreachable. */
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
            try (Stop stop = Stop.byRequest();
                    TrainerCluster cluster = TrainerCluster.open(settings.settings(), false, stop);
                    Consumer<byte[], byte[]> group = Clients.follower(
                            settings.reader(), settings.topics(), RunWriter.name(settings.topics(), "a"));
                    RunWriter writer = new RunWriter(settings, "a", group.groupMetadata())) {
                cluster.ensure(List.of(topics.topics().trainingRuns()));
                writer.insist(state(RunState.STARTED), Map.of(), Map.of());
                broker.close();

                // The training continues without this record.
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

    /** A cluster that stalls for longer than a transaction may be open aborts it and fences its producer. */
    @Test
    @Timeout(600)
    void writesAgainWhereTheClusterHasFencedItsProducer() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                TrainerTopics topics = new TrainerTopics(broker);
                Admin admin = Admin.create(broker.client())) {
            TrainerSettings settings = topics.settings();
            TopicAdmin.ensure(admin, List.of(topics.topics().trainingRuns()));
            String id = RunWriter.name(settings.topics(), "a");
            try (Consumer<byte[], byte[]> group = Clients.follower(settings.reader(), settings.topics(), id);
                    RunWriter writer = new RunWriter(settings, "a", group.groupMetadata())) {
                writer.insist(state(RunState.STARTED), Map.of(), Map.of());
                admin.fenceProducers(List.of(id)).all().get();

                assertThatThrownBy(() -> writer.write(state(RunState.PROGRESS), Map.of(), Map.of()))
                        .isInstanceOf(KafkaException.class)
                        .hasMessageContaining("the cluster stood still");
                admin.fenceProducers(List.of(id)).all().get();
                writer.insist(state(RunState.FINISHED), Map.of(), Map.of());

                assertThat(topics.history("a"))
                        .extracting(TrainingRun::getState)
                        .containsExactly(RunState.STARTED, RunState.FINISHED);
            }
        }
    }

    /** A step may take minutes; meanwhile readers see that the run is alive. */
    @Test
    @Timeout(600)
    void repeatsTheLastStateInEachInterval() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                TrainerTopics topics = new TrainerTopics(broker);
                Admin admin = Admin.create(broker.client())) {
            TrainerSettings settings = topics.settings("trainer.progress.interval.ms=100");
            TopicAdmin.ensure(admin, List.of(topics.topics().trainingRuns()));
            try (Consumer<byte[], byte[]> group = Clients.follower(
                            settings.reader(), settings.topics(), RunWriter.name(settings.topics(), "a"));
                    RunWriter writer = new RunWriter(settings, "a", group.groupMetadata());
                    RunPulse pulse = new RunPulse(writer, settings.pulse(), state(RunState.PROGRESS), Map.of())) {
                while (topics.history("a").size() < 3) {
                    assertThat(pulse.due()).isIn(true, false);
                }
            }
            List<TrainingRun> history = topics.history("a");
            assertThat(history).allMatch(run -> run.getState() == RunState.PROGRESS && run.getProgressMillis() == 100);
            assertThat(history).extracting(TrainingRun::getUpdatedAt).isSorted().doesNotHaveDuplicates();
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
