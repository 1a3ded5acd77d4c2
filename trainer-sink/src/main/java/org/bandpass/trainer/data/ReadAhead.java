package org.bandpass.trainer.data;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.errors.TimeoutException;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/** Reads, tokenises and packs in its own thread, some steps ahead of the training, in the order of the stream. */
public final class ReadAhead implements AutoCloseable {

    /** A step, a failure, or neither at the end of the data. */
    private record Handed(@Nullable StepRows step, @Nullable Throwable thrown) {}

    private static final long LOOK_MILLIS = 100;

    private final BlockingQueue<Handed> queue;
    private final JoinedThread thread;

    /** @param steps most steps that are held ready */
    public ReadAhead(RowStream rows, int rowsPerStep, int steps) {
        queue = new ArrayBlockingQueue<>(steps);
        thread = new JoinedThread("bandpass-rows", () -> read(rows, rowsPerStep));
    }

    /**
     * Waits for the rows of the next step.
     *
     * @param stopped whether the rows are no longer wanted
     * @return the rows, or null where the data have ended or the training was stopped
     * @throws TimeoutException if none come within {@code patience}: Kafka's consumers wait for a cluster for ever
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

    @Override
    public void close() {
        thread.interrupt();
        thread.close();
    }

    private void read(RowStream rows, int rowsPerStep) {
        try {
            Handed handed;
            do {
                handed = step(rows, rowsPerStep);
                queue.put(handed);
            } while (handed.step() != null);
        } catch (InterruptedException e) {
            // Only close interrupts, and then nobody waits.
            Thread.currentThread().interrupt();
        }
    }

    private static Handed step(RowStream rows, int rowsPerStep) {
        try {
            return new Handed(rows.step(rowsPerStep), null);
        } catch (RuntimeException | Error e) {
            return new Handed(null, e);
        }
    }
}
