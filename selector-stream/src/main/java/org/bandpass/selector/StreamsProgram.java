package org.bandpass.selector;

import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/** A running Kafka Streams application; its first fatal error is kept for whoever looks after it. */
final class StreamsProgram implements AutoCloseable {

    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(30);

    private final String applicationId;
    private final KafkaStreams streams;
    private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();

    private StreamsProgram(String applicationId, Topology topology, Properties config) {
        this.applicationId = applicationId;
        this.streams = new KafkaStreams(topology, config);
        streams.setUncaughtExceptionHandler(thrown -> {
            fault.compareAndSet(null, thrown);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    }

    static StreamsProgram start(Topology topology, Properties config) {
        StreamsProgram program = new StreamsProgram(config.getProperty("application.id"), topology, config);
        program.streams.start();
        return program;
    }

    /**
     * Returns while the application is well.
     *
     * @throws ProgramFailure if it has stopped
     */
    void check() {
        Throwable thrown = fault.get();
        KafkaStreams.State state = streams.state();
        if (thrown == null && (state.isRunningOrRebalancing() || state == KafkaStreams.State.CREATED)) {
            return;
        }
        Throwable cause = thrown;
        while (cause != null && cause.getCause() != null && !(cause instanceof UnsupportedVersionException)) {
            cause = cause.getCause();
        }
        throw new ProgramFailure(
                applicationId + " has stopped: " + (cause == null ? "state " + state : cause.getMessage()), thrown);
    }

    @Override
    public void close() {
        // Leaving at once lets the next start of a job go on without waiting for the session to end.
        streams.close(CloseOptions.timeout(CLOSE_DEADLINE)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    }
}
