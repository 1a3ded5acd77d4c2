package org.bandpass.trainer.data;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/** Reads, tokenises and packs in a thread of its own, some steps ahead of the training; their order is the stream's. */
public final class ReadAhead implements AutoCloseable {

    /** What the thread hands over: a step, the end of the data, or a failure. */
    private record Handed(@Nullable StepRows step, @Nullable Throwable thrown) {}

    private static final long LOOK_MILLIS = 100;

    private final BlockingQueue<Handed> queue;
    private final JoinedThread thread;

    /**
     * Begins to read.
     *
     * @param steps steps that are held ready at most
     */
    public ReadAhead(RowStream rows, int rowsPerStep, int steps) {
        queue = new ArrayBlockingQueue<>(steps);
        thread = new JoinedThread("bandpass-rows", () -> read(rows, rowsPerStep));
    }

    /**
     * Waits for the rows of the next step.
     *
     * @param stopped whether the rows are no longer wanted
     * @return the rows, or null where the data have ended or it was stopped
     * @throws TimeoutException if none come within this time: Kafka's consumers wait for a cluster forever
     */
    @Nullable
    public StepRows next(BooleanSupplier stopped, Duration patience) {
        long began = System.nanoTime();
        try {
            Handed handed = null;
            while (handed == null && !stopped.getAsBoolean()) {
                handed = queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (handed == null && System.nanoTime() - began > patience.toNanos()) {
                    throw new TimeoutException("no data came for " + patience.toSeconds() + " s (outage.patience.ms)");
                }
            }
            if (handed == null) {
                return null;
            }
            if (handed.thrown() instanceof RuntimeException thrown) {
                throw thrown;
            }
            if (handed.thrown() instanceof Error thrown) {
                throw thrown;
            }
            return handed.step();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramFailure("interrupted while waiting for data", e);
        }
    }

    /** Ends the thread and waits for it, so that what it used can be closed. */
    @Override
    public void close() {
        thread.interrupt();
        thread.close();
    }

    private void read(RowStream rows, int rowsPerStep) {
        try {
            StepRows step;
            do {
                step = rows.step(rowsPerStep);
                queue.put(new Handed(step, null));
            } while (step != null);
        } catch (InterruptedException | InterruptException e) {
            // Only close interrupts, and then nobody waits.
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            hand(e);
        }
    }

    private void hand(Throwable thrown) {
        try {
            queue.put(new Handed(null, thrown));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
