package org.bandpass.service;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * Says once on stderr when the cluster stopped answering and once when it answers again, and reports the outage to
 * {@link Telemetry}. For programs that run until they are stopped: Kafka's consumers wait in silence.
 */
final class ClusterWatch implements AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    /** A single late answer is no outage: the process may have stood still. */
    private static final int FAILURES = 2;

    private final Map<String, Object> kafka;
    private final Telemetry telemetry;
    private final Duration every;
    private final Duration answer;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::watch, "bandpass-cluster-watch");
    private int failures;
    private long awaySince;

    private ClusterWatch(Map<String, Object> kafka, Telemetry telemetry, Duration every, Duration answer) {
        this.kafka = new HashMap<>(kafka);
        this.telemetry = telemetry;
        this.every = every;
        this.answer = answer;
        this.kafka.put(AdminClientConfig.CLIENT_ID_CONFIG, "bandpass-cluster-watch");
        thread.setDaemon(true);
    }

    /**
     * Starts a thread that asks the cluster every few seconds, until this is closed.
     *
     * @param kafka settings of Kafka clients
     * @param telemetry is told of trouble, and of its end
     */
    static ClusterWatch start(Map<String, Object> kafka, Telemetry telemetry) {
        return start(kafka, telemetry, EVERY, ANSWER);
    }

    static ClusterWatch start(Map<String, Object> kafka, Telemetry telemetry, Duration every, Duration answer) {
        ClusterWatch watch = new ClusterWatch(kafka, telemetry, every, answer);
        watch.thread.start();
        return watch;
    }

    private void watch() {
        try (Admin admin = Admin.create(kafka)) {
            while (!closed.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                ask(admin);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (KafkaException e) {
            // The program's own clients meet the same error and say it.
            closed.countDown();
        }
    }

    private void ask(Admin admin) throws InterruptedException {
        try {
            admin.describeCluster(new DescribeClusterOptions().timeoutMs((int) answer.toMillis()))
                    .nodes()
                    .get();
            if (failures >= FAILURES) {
                say("the cluster answers again, after " + Progress.duration((System.nanoTime() - awaySince) / 1e9));
                telemetry.trouble(null);
            }
            failures = 0;
        } catch (ExecutionException e) {
            if (failures == 0) {
                awaySince = System.nanoTime();
            }
            failures++;
            if (failures == FAILURES) {
                String away = trouble(e.getCause());
                say(away);
                telemetry.trouble(away);
            }
        }
    }

    private String trouble(@Nullable Throwable cause) {
        Object servers = kafka.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG);
        return cause == null || cause instanceof RetriableException
                ? "no broker answers at " + servers + "; waiting for one"
                : "the cluster at " + servers + " refuses: " + cause.getMessage();
    }

    private static void say(String what) {
        String now = LocalDateTime.now(ZoneId.systemDefault())
                .truncatedTo(ChronoUnit.SECONDS)
                .format(DateTimeFormatter.ISO_LOCAL_DATE_TIME);
        System.err.println(now + " " + what);
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
