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

/**
 * Says once on stderr when the cluster stopped answering and once when it answers again, and reports the outage to
 * {@link Telemetry}. For programs that run until they are stopped: Kafka's consumers wait in silence.
 */
public final class ClusterWatch implements AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    /** A single late answer is no outage: the process may have stood still. */
    private static final int FAILURES = 2;

    private final Map<String, Object> kafka;
    private final Telemetry telemetry;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::watch, "bandpass-cluster-watch");
    private int failures;
    private long awaySince;

    private ClusterWatch(Map<String, Object> kafka, Telemetry telemetry) {
        this.kafka = new HashMap<>(kafka);
        this.telemetry = telemetry;
        this.kafka.put(AdminClientConfig.CLIENT_ID_CONFIG, "bandpass-cluster-watch");
        thread.setDaemon(true);
    }

    /**
     * Starts a thread that asks the cluster every few seconds, until this is closed.
     *
     * @param kafka settings of Kafka clients
     * @param telemetry is told of trouble, and of its end
     */
    public static ClusterWatch start(Map<String, Object> kafka, Telemetry telemetry) {
        ClusterWatch watch = new ClusterWatch(kafka, telemetry);
        watch.thread.start();
        return watch;
    }

    private void watch() {
        try (Admin admin = Admin.create(kafka)) {
            while (!closed.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                ask(admin);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask(Admin admin) throws InterruptedException {
        try {
            admin.describeCluster(new DescribeClusterOptions().timeoutMs((int) ANSWER.toMillis()))
                    .nodes()
                    .get();
            if (failures >= FAILURES) {
                telemetry.trouble(null);
                say("the cluster answers again, after " + Progress.duration((System.nanoTime() - awaySince) / 1e9));
            }
            failures = 0;
        } catch (ExecutionException e) {
            if (failures == 0) {
                awaySince = System.nanoTime();
            }
            failures++;
            if (failures == FAILURES) {
                String away = "no broker answers at " + kafka.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG);
                telemetry.trouble(away);
                say(away + "; waiting for one");
            }
        }
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
