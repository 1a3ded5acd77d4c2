package org.bandpass.selector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.calibrator.CalibratorProgram;
import org.bandpass.selector.plan.PlanCatalog;
import org.bandpass.selector.router.RouterProgram;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.selector.score.Scored;
import org.bandpass.selector.score.ScoredPosition;
import org.bandpass.service.ProgramOptions;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The broker is down for much longer than any client's timeouts while calibrator and router are running. {@code
 * FollowIT} does the same with the clients' usual time-outs.
 */
@Tag("slow")
@Timeout(600)
class SelectorOutageTest {

    private static final int DOCUMENTS = 3000;
    private static final Duration OUTAGE = Duration.ofSeconds(18);
    private static final String[] IMPATIENT = {
        "kafka.request.timeout.ms=800",
        "kafka.delivery.timeout.ms=1000",
        "kafka.max.block.ms=1000",
        "kafka.default.api.timeout.ms=1000",
        "kafka.session.timeout.ms=1000",
        "kafka.heartbeat.interval.ms=300",
        "kafka.linger.ms=0",
        "kafka.max.poll.records=20",
        "calibrator.settle.ms=300",
        "calibrator.refresh.ms=300",
        "calibrator.boundary.scores=10"
    };

    @TempDir
    private Path folder;

    private EmbeddedBroker broker;
    private SelectorCluster cluster;

    @BeforeEach
    void start() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        broker = start(port);
        cluster = new SelectorCluster(broker, folder.resolve("state"));
    }

    private EmbeddedBroker start(int port) {
        return EmbeddedBroker.start(
                folder.resolve("broker"),
                "localhost",
                port,
                Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500"));
    }

    @AfterEach
    void stop() {
        cluster.close();
        broker.close();
    }

    @Test
    void calibratorAndRouterOutliveAnOutageOfTwentyTimesTheirClientsPatience() throws Exception {
        List<Scored> documents = Scored.many(DOCUMENTS, 5);
        cluster.score(documents.subList(0, DOCUMENTS / 2));
        cluster.calibrate();
        cluster.freeze("run", "--bands", "low,high");
        SelectorSettings settings = cluster.settings(IMPATIENT);
        Plan plan;
        try (KafkaCluster own = KafkaCluster.open(settings)) {
            plan = new PlanCatalog(own).named("run");
        }
        try (Stop stop = Stop.byRequest();
                Telemetry telemetry = new ProgramOptions().telemetry("test")) {
            List<CompletableFuture<Void>> programs = List.of(
                    CompletableFuture.runAsync(() -> calibrate(settings, telemetry, stop)),
                    CompletableFuture.runAsync(() -> route(settings, plan, telemetry, stop)));
            String band = cluster.topics().band("run", "low").name();
            await(
                    programs,
                    () -> cluster.topicNames().contains(band)
                            && !cluster.positions("run", "low").isEmpty());
            cluster.score(documents.subList(DOCUMENTS / 2, DOCUMENTS));

            int port = Integer.parseInt(broker.bootstrapServers().split(":", 2)[1]);
            broker.close();
            // Programs that end during the outage fail here.
            stay(programs, OUTAGE);
            broker = start(port);

            await(programs, () -> routed() >= DOCUMENTS && counted() == DOCUMENTS);
            stop.request();
            for (CompletableFuture<Void> program : programs) {
                program.get(60, TimeUnit.SECONDS);
            }
        }
        List<ScoredPosition> all = new ArrayList<>(cluster.positions("run", "low"));
        all.addAll(cluster.positions("run", "high"));
        assertThat(new HashSet<>(all)).hasSize(DOCUMENTS).hasSameSizeAs(all);
        assertThat(cluster.audit("run").json()).allSatisfy(band -> {
            assertThat(band.get("lost").asLong()).isZero();
            assertThat(band.get("doubled").asLong()).isZero();
        });
    }

    private void calibrate(SelectorSettings settings, Telemetry telemetry, Stop stop) {
        try (KafkaCluster own = KafkaCluster.open(settings, false, KafkaCluster.WITHOUT_END, stop)) {
            new CalibratorProgram(own, cluster.stateFolder(), telemetry).follow(stop);
        }
    }

    private void route(SelectorSettings settings, Plan plan, Telemetry telemetry, Stop stop) {
        try (KafkaCluster own = KafkaCluster.open(settings, false, KafkaCluster.WITHOUT_END, stop)) {
            new RouterProgram(own, cluster.stateFolder(), telemetry, stop).run(List.of(plan), false);
        }
    }

    private int routed() {
        return cluster.positions("run", "low").size()
                + cluster.positions("run", "high").size();
    }

    private long counted() {
        return cluster.run(new CutsCommand(), "list", "--json").json().stream()
                .mapToLong(version -> version.get("count").asLong())
                .max()
                .orElse(0);
    }

    private static void await(List<CompletableFuture<Void>> programs, BooleanSupplier condition) throws Exception {
        long began = System.nanoTime();
        while (!condition.getAsBoolean()) {
            stay(programs, Duration.ofMillis(200));
            assertThat(System.nanoTime() - began)
                    .isLessThan(Duration.ofSeconds(180).toNanos());
        }
    }

    private static void stay(List<CompletableFuture<Void>> programs, Duration time) throws Exception {
        try {
            CompletableFuture.anyOf(programs.toArray(CompletableFuture[]::new))
                    .get(time.toMillis(), TimeUnit.MILLISECONDS);
            throw new AssertionError("a program has ended");
        } catch (TimeoutException e) {
            // Both are still running.
            assertThat(programs).noneMatch(CompletableFuture::isDone);
        }
    }
}
