package org.bandpass.schemas;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * Lets a program with plain Kafka clients wait for a cluster that does not answer. Kafka's clients give up after a
 * minute or two, so the program creates new ones until they work. Used by one thread.
 *
 * <pre>
 *   Outage outage = new Outage(patience, stop::requested);
 *   while (!stop.requested()) {
 *       try (clients made here) {
 *           … read where to resume, work; after each success: outage.worked() …
 *           return;
 *       } catch (KafkaException | IllegalStateException e) {
 *           outage.outlive(e);
 *       }
 *   }
 * </pre>
 *
 * <p>No other program may use the transactional id of the clients: the programs would fence each other's producers.
 */
@NullMarked
public final class Outage {

    private static final int MOST_REFUSED = 5;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 1_600;
    private static final long CHECK_MILLIS = 50;

    private final @Nullable Duration patience;
    private final BooleanSupplier stopped;
    private int failures;
    private int refused;
    private long since;

    /**
     * Makes one for the program's whole run.
     *
     * @param patience how long a job keeps trying; null for a program that runs until it is stopped
     * @param stopped whether to end a pause
     */
    public Outage(@Nullable Duration patience, BooleanSupplier stopped) {
        this.patience = patience;
        this.stopped = stopped;
    }

    /** Notes a success, so that the next failure begins another outage. */
    public void worked() {
        failures = 0;
        refused = 0;
    }

    /**
     * Returns, after a pause, if the program should create new clients.
     *
     * @param failure thrown by a client
     * @throws RuntimeException the failure itself, if another attempt is useless
     * @throws OutageException if the job's patience is over
     */
    public void outlive(RuntimeException failure) {
        ClientFailure kind = ClientFailure.of(failure);
        if (kind == ClientFailure.FATAL || (kind == ClientFailure.REFUSED && ++refused >= MOST_REFUSED)) {
            throw failure;
        }
        if (failures == 0) {
            since = System.nanoTime();
            System.err.println("a request to the cluster failed (" + ClientFailure.words(failure)
                    + "); connecting again until one succeeds");
        }
        failures++;
        if (patience != null && System.nanoTime() - since > patience.toNanos()) {
            throw new OutageException(patience, failure);
        }
        pause(
                kind == ClientFailure.GIVEN_UP
                        ? FIRST_PAUSE_MILLIS
                        : Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures, 10)));
    }

    private void pause(long millis) {
        long began = System.nanoTime();
        try {
            while (!stopped.getAsBoolean() && System.nanoTime() - began < TimeUnit.MILLISECONDS.toNanos(millis)) {
                Thread.sleep(CHECK_MILLIS);
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
