package org.bandpass.scorer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bandpass.languagemodel.DocumentLikelihoods;
import org.bandpass.languagemodel.Likelihood;
import org.bandpass.languagemodel.LikelihoodModel;
import org.jspecify.annotations.Nullable;

/** Scores flights in their order, with a thread for each device. The batches of a flight depend on its documents alone. */
final class ScoringDevices implements AutoCloseable {

    private final BlockingQueue<Flight> waiting = new LinkedBlockingQueue<>();
    private final int devices;
    private final ExecutorService threads;
    private volatile boolean closed;

    /** Starts the threads. */
    ScoringDevices(ReferenceModel model, int batchTokens, int maxWindows, Runnable halved) {
        int context = model.context().id();
        devices = model.devices().size();
        threads = Executors.newFixedThreadPool(devices, task -> new Thread(task, "bandpass-device"));
        model.devices()
                .forEach((name, likelihood) ->
                        threads.execute(new Device(name, likelihood, halved, context, batchTokens, maxWindows)));
    }

    void submit(Flight flight) {
        waiting.add(flight);
    }

    /** Returns whether enough flights are queued to keep every device busy. */
    boolean hasEnough() {
        return waiting.size() >= 2 * devices;
    }

    /** Drops the flights that no device has begun. */
    void dropWaiting() {
        List<Flight> notBegun = new ArrayList<>();
        waiting.drainTo(notBegun);
        notBegun.forEach(Flight::drop);
    }

    /** Waits for the current batches; native memory may be freed after that. */
    @Override
    public void close() {
        closed = true;
        end(threads);
    }

    /** Ends threads that use native memory and waits for them, even if this thread is interrupted. */
    static void end(ExecutorService threads) {
        threads.shutdownNow();
        boolean interrupted = false;
        while (!threads.isTerminated()) {
            try {
                threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
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
                    flight.future().complete(scores(flight));
                }
            } catch (RuntimeException | Error e) {
                // The consumer's thread rethrows it, unless it has dropped the flight.
                flight.future().completeExceptionally(e);
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
