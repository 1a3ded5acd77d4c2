package org.bandpass.selector.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.bandpass.schemas.UnknownSchemaException;
import org.bandpass.service.FolderLock;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * A running Kafka Streams application. A client that fails in an outage of the cluster is replaced once the cluster
 * answers again. Any other failure is reported by {@link #check}.
 */
public final class StreamsProgram implements AutoCloseable {

    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(30);
    /** Limits the load of an application that fails repeatedly. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private record Client(KafkaStreams streams, AtomicReference<@Nullable Throwable> failure) {}

    private final String applicationId;
    private final Supplier<Topology> topology;
    private final Properties config;
    private final BooleanSupplier clusterAnswers;
    private final FolderLock lock;
    private Client client;
    private long startedAt = System.nanoTime();

    /** Starts an application. Throws a ProgramFailure if another process uses its folder of state. */
    public StreamsProgram(Supplier<Topology> topology, Properties config, BooleanSupplier clusterAnswers) {
        this.applicationId = config.getProperty(StreamsConfig.APPLICATION_ID_CONFIG);
        this.topology = topology;
        this.config = config;
        this.clusterAnswers = clusterAnswers;
        this.lock = FolderLock.take(Path.of(config.getProperty(StreamsConfig.STATE_DIR_CONFIG), applicationId));
        try {
            this.client = start();
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private Client start() {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        KafkaStreams streams = new KafkaStreams(topology.get(), config);
        streams.setUncaughtExceptionHandler(thrown -> {
            failure.compareAndSet(null, thrown);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        try {
            // Reads a global store to its end, and can therefore fail like a stream thread.
            streams.start();
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
            streams.close(Duration.ZERO);
        }
        return new Client(streams, failure);
    }

    /**
     * Restarts the application if it failed in an outage; does not wait.
     *
     * @throws ProgramFailure if it has stopped for good
     */
    public void check() {
        Throwable thrown = client.failure().get();
        KafkaStreams.State state = client.streams().state();
        if (thrown == null && (state.isRunningOrRebalancing() || state == KafkaStreams.State.CREATED)) {
            return;
        }
        if (thrown == null || !TransientFailure.is(thrown)) {
            throw failure(thrown, state);
        }
        boolean early = System.nanoTime() - startedAt < PAUSE.toNanos();
        if (!early && state.hasCompletedShutdown() && clusterAnswers.getAsBoolean()) {
            restart(thrown);
        }
    }

    /** Returns whether the application has restored its state and is processing. */
    public boolean isRunning() {
        return client.failure().get() == null && client.streams().state() == KafkaStreams.State.RUNNING;
    }

    private void restart(Throwable thrown) {
        System.err.println(
                applicationId + " restarts from its last transaction, after: " + TransientFailure.root(thrown));
        startedAt = System.nanoTime();
        try {
            client = start();
        } catch (RuntimeException e) {
            // The failed client stays; the next check retries or reports the failure.
            client.failure().set(e);
        }
    }

    private ProgramFailure failure(@Nullable Throwable thrown, KafkaStreams.State state) {
        String root = thrown == null ? "state " + state : TransientFailure.root(thrown);
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProgramFailure known) {
                return known;
            }
            if (cause instanceof UnsupportedVersionException) {
                root = String.valueOf(cause.getMessage());
            }
            if (cause instanceof UnknownSchemaException unknown) {
                root = "its own state or changelog has a record with an unknown schema (" + unknown.schema()
                        + "), probably of a newer version of Bandpass: upgrade this program";
            }
        }
        return new ProgramFailure(applicationId + " has stopped: " + root, thrown);
    }

    @Override
    public void close() {
        // Leaving the group saves the next start from waiting for the session to expire.
        CloseOptions leave = CloseOptions.timeout(CLOSE_DEADLINE)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
        try {
            client.streams().close(leave);
        } finally {
            lock.close();
        }
    }
}
