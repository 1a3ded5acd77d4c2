package org.bandpass.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
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
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** Metrics of one program and, when a port is given, /metrics and /health on loopback. Thread-safe. */
public final class Telemetry implements AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    /** One late answer is no outage: the process itself may have been suspended. */
    private static final int FAILURES = 2;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AtomicReference<@Nullable String> trouble = new AtomicReference<>();
    private final @Nullable HttpServer server;
    private @Nullable ClusterWatch watch;

    Telemetry(String program, @Nullable Integer port) {
        registry.config().commonTags(Tags.of("program", program));
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        server = port == null ? null : serve(port);
    }

    /** Reports on stderr and at /health when the cluster stops answering, and when it answers again. */
    void watch(Map<String, Object> kafka) {
        watch(kafka, EVERY, ANSWER);
    }

    void watch(Map<String, Object> kafka, Duration every, Duration answer) {
        watch = new ClusterWatch(kafka, every, answer);
    }

    public MeterRegistry registry() {
        return registry;
    }

    /** Returns the open port, or -1. */
    public int port() {
        return server == null ? -1 : server.getAddress().getPort();
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
        if (server != null) {
            server.stop(0);
        }
        registry.close();
    }

    private HttpServer serve(int port) {
        try {
            HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            http.createContext("/metrics", exchange -> answer(exchange, 200, registry.scrape()));
            http.createContext("/health", exchange -> {
                String what = trouble.get();
                answer(exchange, what == null ? 200 : 503, what == null ? "ok\n" : what + "\n");
            });
            http.start();
            return http;
        } catch (IOException e) {
            throw new ProgramFailure(
                    "cannot serve metrics on port " + port + ": " + e.getMessage() + "; choose another --metrics-port",
                    e);
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** Asks the cluster every few seconds in its own thread, because Kafka's consumers wait for it in silence. */
    private final class ClusterWatch implements AutoCloseable {

        private final Map<String, Object> kafka;
        private final Duration every;
        private final Duration answer;
        private final CountDownLatch closed = new CountDownLatch(1);
        private final Thread thread = new Thread(this::watch, "bandpass-cluster-watch");
        private int failures;
        private long awaySince;

        ClusterWatch(Map<String, Object> kafka, Duration every, Duration answer) {
            this.kafka = new HashMap<>(kafka);
            this.every = every;
            this.answer = answer;
            this.kafka.put(AdminClientConfig.CLIENT_ID_CONFIG, "bandpass-cluster-watch");
            thread.setDaemon(true);
            thread.start();
        }

        private void watch() {
            try (Admin admin = Admin.create(kafka)) {
                while (!closed.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                    ask(admin);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (KafkaException e) {
                // The program's own clients report the same error.
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
                    trouble.set(null);
                }
                failures = 0;
            } catch (ExecutionException e) {
                if (failures == 0) {
                    awaySince = System.nanoTime();
                }
                failures++;
                if (failures == FAILURES) {
                    String away = words(e.getCause());
                    say(away);
                    trouble.set(away);
                }
            }
        }

        private String words(@Nullable Throwable cause) {
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
}
