package org.bandpass.selector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.CompactedTopic;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.UnreadableRecord;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.score.Scored;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Kills router and calibrator (SIGKILL), each in its own process, and starts them again. */
@Tag("slow")
@Timeout(900)
class KilledSelectorTest {

    private static final int DOCUMENTS = 12_000;
    private static final int KILLS = 5;
    /** Detects killed members within seconds. */
    private static final List<String> QUICK = List.of(
            "kafka.session.timeout.ms=3000",
            "kafka.heartbeat.interval.ms=500",
            "kafka.transaction.timeout.ms=5000",
            "selector.commit.interval.ms=100");
    /** Slows the child down, so that it can be killed in the middle. */
    private static final List<String> BRAKED =
            List.of("kafka.main.consumer.interceptor.classes=" + Brake.class.getName(), "kafka.max.poll.records=20");

    /** Delays each poll of the child's Streams consumers. */
    public static final class Brake implements ConsumerInterceptor<byte[], byte[]> {

        @Override
        public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
            LockSupport.parkNanos(8_000_000);
            return records;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void close() {}

        @Override
        public void configure(Map<String, ?> configuration) {}
    }

    private static EmbeddedBroker broker;

    @TempDir
    private static Path brokerFolder;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(
                brokerFolder,
                "localhost",
                0,
                Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500"));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void routesTheSameSequencesWhenKilledFiveTimesAndItsStateDeleted() throws Exception {
        try (SelectorCluster cluster = new SelectorCluster(broker, folder.resolve("calm"))) {
            cluster.score(Scored.many(DOCUMENTS, 31));
            cluster.calibrate();
            cluster.freeze("calm", "--bands", "low,high");
            cluster.freeze("killed", "--bands", "low,high");
            cluster.select("--plan", "calm");

            killAndFinish(cluster, "router.killed", "select", "--plan", "killed");

            for (String band : List.of("low", "high")) {
                assertThat(cluster.sequences("killed", band)).isEqualTo(cluster.sequences("calm", band));
            }
            assertThat(cluster.audit("killed").code()).isZero();
        }
    }

    @Test
    void endsWithTheSameCutsWhenTheCalibratorIsKilledFiveTimesAndItsStateDeleted() throws Exception {
        try (SelectorCluster calm = new SelectorCluster(broker, folder.resolve("calm"));
                SelectorCluster killed = new SelectorCluster(broker, folder.resolve("unused"))) {
            for (SelectorCluster each : List.of(calm, killed)) {
                each.score(Scored.many(DOCUMENTS, 32));
            }
            calm.calibrate();

            killAndFinish(killed, "calibrator", "calibrate");

            assertThat(finalCuts(killed)).isEqualTo(finalCuts(calm)).hasSizeGreaterThan(3);
        }
    }

    /** Returns count, records covered and digest bytes of the latest version, by stratum. */
    private static Map<String, List<Object>> finalCuts(SelectorCluster cluster) {
        Map<String, Cuts> latest = new TreeMap<>();
        CompactedTopic.read(
                        cluster.admin(),
                        cluster.reader(),
                        cluster.topics().cuts().name(),
                        Cuts.class,
                        UnreadableRecord.stop())
                .values()
                .forEach(cuts ->
                        latest.merge(cuts.getStratum(), cuts, (a, b) -> a.getVersion() > b.getVersion() ? a : b));
        Map<String, List<Object>> cuts = new TreeMap<>();
        latest.forEach((stratum, each) ->
                cuts.put(stratum, List.of(each.getCount(), each.getCovered(), each.getCoveredTo(), each.getDigest())));
        return cuts;
    }

    private void killAndFinish(SelectorCluster cluster, String group, String... command) throws Exception {
        Path state = folder.resolve("state");
        for (int kill = 1; kill <= KILLS; kill++) {
            Process victim = child(cluster, state, BRAKED, command);
            try {
                awaitPosition(cluster, group, victim, kill / (KILLS + 2.0));
            } finally {
                // SIGKILL: no shutdown hook, no commit.
                victim.destroyForcibly().waitFor();
            }
            // A router has no state; the calibrator restores it from the changelogs.
            if (kill == 3 && Files.exists(state)) {
                delete(state);
            }
        }
        assertThat(child(cluster, state, List.of(), command).waitFor())
                .as(Files.readString(folder.resolve("child.log")))
                .isZero();
    }

    private static void awaitPosition(SelectorCluster cluster, String group, Process victim, double share)
            throws InterruptedException {
        try (KafkaCluster connected = KafkaCluster.open(cluster.settings())) {
            long position = 0;
            while (position < share * DOCUMENTS) {
                assertThat(victim.isAlive())
                        .as("ended by itself at %s", position)
                        .isTrue();
                Thread.sleep(10);
                position =
                        connected
                                .positions(
                                        cluster.topics().group(group),
                                        cluster.topics().scoredDocuments().name())
                                .values()
                                .stream()
                                .mapToLong(Long::longValue)
                                .sum();
            }
            assertThat(position).isLessThan(DOCUMENTS);
        }
    }

    private Process child(SelectorCluster cluster, Path state, List<String> settings, String... command)
            throws IOException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx500m",
                "-cp",
                System.getProperty("java.class.path"),
                KilledSelectorTest.class.getName()));
        line.addAll(List.of(command));
        line.addAll(cluster.options());
        Stream.concat(QUICK.stream(), settings.stream()).forEach(setting -> line.addAll(List.of("--set", setting)));
        line.addAll(List.of("--until-caught-up", "--json", "--state-dir", state.toString()));
        File log = folder.resolve("child.log").toFile();
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
    }

    private static void delete(Path state) throws IOException {
        try (Stream<Path> files = Files.walk(state)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** The child: a command as a user runs it. */
    public static void main(String[] arguments) {
        Object command = arguments[0].equals("select") ? new SelectCommand() : new CalibrateCommand();
        List<String> rest = List.of(arguments).subList(1, arguments.length);
        System.exit(new CommandLine(command).execute(rest.toArray(String[]::new)));
    }
}
