package org.bandpass.trainer.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.ClientFailure;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.trainer.data.JoinedThread;
import org.jspecify.annotations.Nullable;

/**
 * Writes a run's progress in its own thread, once in each interval whether or not a step has ended: a run that is silent
 * for some intervals counts as lost, and a step may take minutes. Training never waits for the cluster.
 */
final class RunPulse implements AutoCloseable {

    private record State(TrainingRun run, Map<TopicPartition, Long> positions) {}

    private final RunWriter writer;
    private final Duration interval;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final JoinedThread thread;
    private volatile State state;
    private volatile @Nullable RuntimeException failure;
    private long publishedAt = System.nanoTime();
    private boolean away;

    /** Starts the thread; nothing else may use the writer until this is closed. */
    RunPulse(RunWriter writer, Duration interval, TrainingRun run, Map<TopicPartition, Long> positions) {
        this.writer = writer;
        this.interval = interval;
        this.state = new State(run, positions);
        this.thread = new JoinedThread("bandpass-progress", this::beat);
    }

    /**
     * Returns whether a new state is wanted.
     *
     * @throws RuntimeException the failure that ended the thread, for example another trainer's takeover of the run
     */
    boolean due() {
        RuntimeException thrown = failure;
        if (thrown != null) {
            throw thrown;
        }
        return System.nanoTime() - publishedAt >= interval.toNanos();
    }

    /** Takes the state that is written from now on. */
    void publish(TrainingRun run, Map<TopicPartition, Long> positions) {
        state = new State(run, positions);
        publishedAt = System.nanoTime();
    }

    /** Waits for the current write and ends the thread. */
    @Override
    public void close() {
        closed.countDown();
        thread.close();
    }

    private void beat() {
        try {
            while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                write(state);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void write(State now) {
        try {
            writer.write(
                    TrainingRun.newBuilder(now.run())
                            .setUpdatedAt(Instant.now())
                            .build(),
                    now.positions(),
                    Map.of());
            away = false;
        } catch (KafkaException e) {
            if (!away) {
                System.err.println("run " + now.run().getRunId() + ": its progress cannot be written ("
                        + ClientFailure.words(e) + "); the training continues, and its progress is written later");
            }
            away = true;
        }
    }
}
