package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bandpass.sources.SampleFiles.bytes;
import static org.bandpass.sources.SampleFiles.lines;
import static org.bandpass.sources.SampleFiles.write;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Progress;
import org.bandpass.service.Stop;
import org.bandpass.sources.FollowedFolders;
import org.bandpass.sources.file.NamedFile;
import org.bandpass.sources.file.Source;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An ingest while the cluster is away, and after it has been idle for very long. */
@Tag("slow")
@Timeout(300)
class IngestOutageTest {

    private static final int DOCUMENTS = 600;
    /** Twenty times the time-out of the clients' requests. */
    private static final Duration AWAY = Duration.ofSeconds(10);

    private static final List<String> HASTY = List.of(
            "kafka.request.timeout.ms=500",
            "kafka.delivery.timeout.ms=1000",
            "kafka.linger.ms=0",
            "kafka.max.block.ms=1000",
            "kafka.transaction.timeout.ms=2000",
            "ingest.batch.records=5",
            "ingest.batch.ms=50",
            "ingest.follow.settle.ms=50",
            "ingest.follow.poll.ms=10",
            "ingest.duplicates.window=0");

    @TempDir
    private Path folder;

    private final Stop stop = Stop.byRequest();

    @Test
    void outlivesABrokerThatIsAway() throws Exception {
        Path in = Files.createDirectories(folder.resolve("in"));
        Path kept = folder.resolve("broker");
        EmbeddedBroker broker = EmbeddedBroker.start(kept, "localhost", 0, Map.of());
        int port = Integer.parseInt(broker.bootstrapServers().split(":")[1]);
        try (IngestCluster cluster = new IngestCluster(broker)) {
            warm(cluster);
            CompletableFuture<Boolean> following = follow(cluster, in, HASTY);
            write(in.resolve("a.jsonl"), lines("a", 0, DOCUMENTS));
            cluster.awaitWritten(31, () -> !following.isDone());
            broker.close();
            assertThat(following).isNotDone();
            write(in.resolve("b.jsonl"), lines("b", 0, 10));
            // The outage lasts for this long.
            TimeUnit.MILLISECONDS.sleep(AWAY.toMillis());
            broker = EmbeddedBroker.start(kept, "localhost", port, Map.of());

            awaitDocuments(cluster, DOCUMENTS + 11, following);
            stop.request();

            assertThat(following.get(30, TimeUnit.SECONDS))
                    .as("it follows until it is stopped")
                    .isFalse();
            assertThat(cluster.documents()).hasSize(DOCUMENTS + 11).doesNotHaveDuplicates();
        } finally {
            broker.close();
        }
    }

    @Test
    void aJobGivesUpAfterItsPatience() throws Exception {
        Path file = write(folder.resolve("a.jsonl"), lines("a", 0, DOCUMENTS));
        List<String> settings = new ArrayList<>(HASTY);
        settings.add("outage.patience.ms=3000");
        EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), "localhost", 0, Map.of());
        try (IngestCluster cluster = new IngestCluster(broker)) {
            warm(cluster);
            CompletableFuture<Boolean> job = CompletableFuture.supplyAsync(
                    () -> ingest(cluster, settings).run(sources(file), more -> {}, stop, false));
            cluster.awaitWritten(31, () -> !job.isDone());
            broker.close();

            assertThatThrownBy(() -> job.get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(ProgramFailure.class)
                    .hasMessageContaining("the cluster has not answered for 3 s (outage.patience.ms)")
                    .hasMessageContaining("What is committed stays");
        } finally {
            broker.close();
        }
    }

    /** Kafka forgets a transactional id that was idle for seven days. */
    @Test
    void renewsATransactionalIdThatHasExpired() throws Exception {
        Path in = Files.createDirectories(folder.resolve("in"));
        Map<String, String> forgetful = Map.of(
                "transactional.id.expiration.ms", "1000",
                "transaction.remove.expired.transaction.cleanup.interval.ms", "100");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), "localhost", 0, forgetful);
                IngestCluster cluster = new IngestCluster(broker);
                Admin admin = Admin.create(broker.client())) {
            CompletableFuture<Boolean> following =
                    follow(cluster, in, List.of("ingest.follow.settle.ms=50", "ingest.follow.poll.ms=10"));
            write(in.resolve("a.jsonl"), lines("a", 0, 10));
            awaitDocuments(cluster, 10, following);
            String id = cluster.topics().group("ingest.default");
            while (admin.listTransactions().all().get().stream()
                    .map(TransactionListing::transactionalId)
                    .anyMatch(id::equals)) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            write(in.resolve("b.jsonl"), lines("b", 0, 10));

            awaitDocuments(cluster, 20, following);
            stop.request();

            assertThat(following.get(30, TimeUnit.SECONDS)).isFalse();
            assertThat(cluster.documents()).hasSize(20).doesNotHaveDuplicates();
        }
    }

    @Test
    void writesNothingTwiceWhenOnlyTheAnswerIsLost() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                IngestCluster cluster = new IngestCluster(broker);
                Admin admin = Admin.create(broker.client())) {
            new TopicAdmin(admin, (short) 1).ensure(List.of(cluster.topics().ingestProgress()));
            IngestSettings settings = settings(cluster, List.of());
            AtomicReference<String> lost = new AtomicReference<>();
            ProgressEnd end = new ProgressEnd(settings, "n");
            try (TransactionWriter writer = writer(cluster, end, lost)) {
                end.known(known(cluster, admin));
                commit(cluster, writer, "1");
                lost.set("commitTransaction");
                commit(cluster, writer, "2");
                assertThat(lost).as("it was lost").hasValue(null);
                lost.set("flush");
                commit(cluster, writer, "3");

                assertThat(cluster.keysOfProgress()).containsExactly("n/1", "n/2", "n/3");

                // Another ingest of the name: whatever this one finds out first, it does not write into that one's
                // work.
                try (Producer<byte[], byte[]> other = producer(cluster)) {
                    other.initTransactions();
                    other.beginTransaction();
                    other.send(record(cluster, "other"));
                    Clients.commit(other);
                }
                lost.set("flush");
                assertThatThrownBy(() -> commit(cluster, writer, "4"))
                        .isInstanceOf(ProgramFailure.class)
                        .hasMessageContaining("another ingest with the name 'n' has begun");
            }
            assertThat(cluster.keysOfProgress()).containsExactly("n/1", "n/2", "n/3", "n/other");
        }
    }

    private void commit(IngestCluster cluster, TransactionWriter writer, String path) {
        writer.add(record(cluster, path));
        assertThat(writer.commit()).isTrue();
    }

    private static ProducerRecord<byte[], byte[]> record(IngestCluster cluster, String path) {
        return new ProducerRecord<>(cluster.topics().ingestProgress().name(), bytes("n/" + path), bytes("value"));
    }

    private static OffsetSnapshot known(IngestCluster cluster, Admin admin) {
        try (var consumer = Clients.reader(cluster.client(), cluster.topics())) {
            return OffsetSnapshot.written(
                    admin, consumer, cluster.topics().ingestProgress().name());
        }
    }

    private static Producer<byte[], byte[]> producer(IngestCluster cluster) {
        return Clients.transactional(
                cluster.client(), cluster.topics(), cluster.topics().group("ingest.n"));
    }

    /** Returns a writer whose producers lose the answer to the named call once. */
    @SuppressWarnings("unchecked")
    private TransactionWriter writer(IngestCluster cluster, ProgressEnd end, AtomicReference<String> lost) {
        return new TransactionWriter(
                () -> {
                    Producer<byte[], byte[]> real = producer(cluster);
                    return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                            Producer.class.getClassLoader(),
                            new Class<?>[] {Producer.class},
                            (proxy, method, given) -> {
                                try {
                                    Object answer = method.invoke(real, given);
                                    if (method.getName().equals(lost.get())) {
                                        lost.set(null);
                                        throw new TimeoutException("no answer");
                                    }
                                    return answer;
                                } catch (InvocationTargetException e) {
                                    throw e.getCause();
                                }
                            });
                },
                end,
                Duration.ofMinutes(1),
                null,
                stop);
    }

    private CompletableFuture<Boolean> follow(IngestCluster cluster, Path in, List<String> settings) {
        Ingest ingest = ingest(cluster, settings);
        FollowedFolders folders = new FollowedFolders(
                List.<Source>of().iterator(),
                List.of(in),
                settings(cluster, settings).reading().follow(),
                idle -> {},
                System::nanoTime);
        return CompletableFuture.supplyAsync(() -> ingest.run(folders, more -> {}, stop, true));
    }

    private static java.util.Iterator<Source> sources(Path file) {
        return List.<Source>of(new NamedFile(file)).iterator();
    }

    private static Ingest ingest(IngestCluster cluster, List<String> settings) {
        IngestOutput output = new IngestOutput(
                new PrintWriter(new StringWriter()),
                Progress.start("test", "bytes", 0),
                new IngestMeters(new SimpleMeterRegistry()));
        return new Ingest(
                settings(cluster, settings), settings(cluster, settings).opener(), "default", output);
    }

    private static IngestSettings settings(IngestCluster cluster, List<String> more) {
        List<String> all = new ArrayList<>(more);
        all.add("kafka.bootstrap.servers=" + cluster.client().get("bootstrap.servers"));
        all.add("topic.prefix=" + cluster.topics().prefix());
        all.add("topic.partitions=" + IngestCluster.PARTITIONS);
        return IngestSettingsTest.parse(all.toArray(new String[0]));
    }

    /** A broker needs longer for its first transaction than hasty clients wait. */
    private void warm(IngestCluster cluster) {
        cluster.ingest(write(folder.resolve("first.jsonl"), lines("first", 0, 1)));
    }

    private static void awaitDocuments(IngestCluster cluster, int count, CompletableFuture<?> working)
            throws InterruptedException {
        while (cluster.committed() < count && !working.isDone()) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
