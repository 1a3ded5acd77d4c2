package org.bandpass.scorer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.bandpass.languagemodel.DocumentLikelihoods;
import org.bandpass.languagemodel.Likelihood;
import org.bandpass.languagemodel.LikelihoodModel;
import org.jspecify.annotations.Nullable;

/**
 * Scores flights, a thread for each device, in the order in which they come. What batches a flight is computed in depends
 * on nothing but its documents.
 */
final class ScoringDevices implements AutoCloseable {

    private final BlockingQueue<Flight> waiting = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    /**
     * Starts.
     *
     * @param halved called each time that a device had no memory for a batch
     */
    ScoringDevices(ReferenceModel model, int batchTokens, int maxWindows, Runnable halved) {
        int context = model.context().id();
        model.devices().forEach((name, likelihood) -> {
            Device device = new Device(name, likelihood, halved, context, batchTokens, maxWindows);
            threads.add(new Thread(device, "bandpass-device-" + name));
        });
        threads.forEach(Thread::start);
    }

    /** Queues a flight, which is done when it has scores. */
    void submit(Flight flight) {
        waiting.add(flight);
    }

    /** Returns whether enough flights wait to keep every device busy. */
    boolean hasEnough() {
        return waiting.size() >= 2 * threads.size();
    }

    /** Drops the flights that no device has begun. */
    void dropWaiting() {
        List<Flight> notBegun = new ArrayList<>();
        waiting.drainTo(notBegun);
        notBegun.forEach(Flight::drop);
    }

    /** Ends after the current batches; then native memory may be freed. */
    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Device implements Runnable {

        private final DocumentLikelihoods likelihoods;
        private @Nullable Flight current;

        Device(String name, LikelihoodModel model, Runnable halved, int context, int batchTokens, int maxWindows) {
            DeviceBatches batches = new DeviceBatches(name, model, this::isUnwanted, halved);
            this.likelihoods = new DocumentLikelihoods(batches, context, batchTokens, maxWindows);
        }

        @Override
        public void run() {
            while (!closed) {
                try {
                    score(waiting.take());
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        private void score(Flight flight) {
            current = flight;
            try {
                if (!flight.isDropped()) {
                    flight.scored(scores(flight));
                }
            } catch (RuntimeException | Error e) {
                // The consumer's thread throws it again, or has dropped the flight.
                flight.failed(e);
            }
        }

        private Flight.Scores scores(Flight flight) {
            List<int[]> ids = flight.ids();
            long began = System.nanoTime();
            long positions = likelihoods.paddedTokens();
            List<Likelihood> scored = ids.isEmpty() ? List.of() : likelihoods.score(ids);
            return new Flight.Scores(
                    scored, likelihoods.paddedTokens() - positions, Duration.ofNanos(System.nanoTime() - began));
        }

        private boolean isUnwanted() {
            return closed || (current != null && current.isDropped());
        }
    }
}
