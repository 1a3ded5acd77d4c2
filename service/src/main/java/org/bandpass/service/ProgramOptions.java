package org.bandpass.service;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a program that works on topics. */
public class ProgramOptions extends ClusterOptions {

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description = "Serve /metrics (Prometheus) and /health on this port of loopback; 0 takes a free one.")
    private @Nullable Integer metricsPort;

    @Option(names = "--wait-for-topics", description = "Wait for topics that do not exist yet, rather than fail.")
    private boolean waitForTopics;

    public final boolean waitForTopics() {
        return waitForTopics;
    }

    /**
     * Starts telemetry. After {@link #settings} it also watches the cluster and reports outages. Without --metrics-port no
     * port is opened.
     */
    public final Telemetry telemetry(String program) {
        Telemetry telemetry = new Telemetry(program, metricsPort);
        Map<String, Object> cluster = kafka();
        if (cluster != null) {
            telemetry.watch(cluster);
        }
        return telemetry;
    }
}
