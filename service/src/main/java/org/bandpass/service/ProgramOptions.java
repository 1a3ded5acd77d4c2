package org.bandpass.service;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a program that works on topics: those of every command, how it is watched, and what it waits for. */
public class ProgramOptions extends ClusterOptions {

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description = "Serve /metrics (Prometheus) and /health on this port of loopback; 0 takes a free one.")
    private @Nullable Integer metricsPort;

    @Option(names = "--wait-for-topics", description = "Wait until the topics that are read exist, rather than fail.")
    private boolean waitForTopics;

    /** Returns whether to wait for topics that are read and do not exist. */
    public final boolean waitForTopics() {
        return waitForTopics;
    }

    /**
     * Starts telemetry and a watch on the cluster of the {@link #settings}, which says when the cluster stops answering and
     * when it answers again. Without --metrics-port nothing listens.
     */
    public final Telemetry telemetry(String program) {
        Telemetry telemetry = Telemetry.start(program, metricsPort);
        Map<String, Object> cluster = kafka();
        if (cluster != null) {
            telemetry.watch(cluster);
        }
        return telemetry;
    }
}
