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
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Metrics of one program and, when a port is given, /metrics and /health on loopback. Thread-safe. */
public final class Telemetry implements AutoCloseable {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AtomicReference<@Nullable String> trouble = new AtomicReference<>();
    private final @Nullable HttpServer server;
    private @Nullable ClusterWatch watch;

    private Telemetry(String program, @Nullable Integer port) {
        registry.config().commonTags(Tags.of("program", program));
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        server = port == null ? null : serve(port);
    }

    static Telemetry start(String program, @Nullable Integer port) {
        return new Telemetry(program, port);
    }

    /** Says on stderr and at /health when the cluster stops answering, and when it answers again. */
    void watch(Map<String, Object> kafka) {
        watch = ClusterWatch.start(kafka, this);
    }

    /** Returns where meters are registered. */
    public MeterRegistry registry() {
        return registry;
    }

    /** Says that the program is unwell, for /health; null when it is well again. */
    public void trouble(@Nullable String what) {
        trouble.set(what);
    }

    /** Returns the port that is listened on, or -1. */
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
}
