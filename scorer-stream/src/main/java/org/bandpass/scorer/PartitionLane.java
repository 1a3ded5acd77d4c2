package org.bandpass.scorer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * What one partition has under way, in the order of its offsets: documents that are being tokenised, the flight that is
 * being filled, flights that are being scored. Belongs to the consumer's thread.
 */
final class PartitionLane {

    private final TopicPartition partition;
    private final Flight.Limits limits;
    private final Deque<Future<FlightDocument>> reading = new ArrayDeque<>();
    private final Deque<Flight> flights = new ArrayDeque<>();
    private Flight open;
    private long heldBytes;
    private long committed = -1;
    private boolean paused;
    private long arrivedAt = System.nanoTime();

    PartitionLane(TopicPartition partition, Flight.Limits limits) {
        this.partition = partition;
        this.limits = limits;
        this.open = new Flight(partition);
    }

    TopicPartition partition() {
        return partition;
    }

    /** Returns what this lane has committed, -1 for nothing yet. */
    long committed() {
        return committed;
    }

    void committed(long offset) {
        committed = offset;
    }

    void add(Future<FlightDocument> document, int bytes) {
        reading.add(document);
        heldBytes += bytes;
        arrivedAt = System.nanoTime();
    }

    /** Returns the next document if its ids are known, or null. */
    @Nullable
    FlightDocument nextTokenised() {
        Future<FlightDocument> next = reading.peek();
        if (next == null || !next.isDone()) {
            return null;
        }
        reading.remove();
        try {
            return next.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramFailure("interrupted while tokenising", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProgramFailure failure) {
                throw failure;
            }
            throw new ProgramFailure("cannot tokenise a document of " + partition + ": " + e.getMessage(), e);
        }
    }

    /** Puts a document on the open flight; returns the flight if that closes it. */
    @Nullable
    Flight board(FlightDocument document) {
        open.add(document);
        return open.isFull(limits) ? closed() : null;
    }

    /** Returns whether the open flight has waited long enough for another document. */
    boolean hasLingered() {
        return reading.isEmpty()
                && !open.isEmpty()
                && System.nanoTime() - arrivedAt >= limits.linger().toNanos();
    }

    Flight closed() {
        Flight closed = open;
        flights.add(closed);
        open = new Flight(partition);
        return closed;
    }

    boolean hasScored() {
        Flight next = flights.peek();
        return next != null && next.isDone();
    }

    /** Takes the flights that are scored and next in order. */
    List<Flight> takeScored() {
        List<Flight> scored = new ArrayList<>();
        while (hasScored()) {
            Flight flight = flights.remove();
            heldBytes -= flight.bytes();
            scored.add(flight);
        }
        return scored;
    }

    /** Returns whether it holds enough; one of its flights can then be scored, whatever the others do. */
    boolean isFull() {
        return heldBytes >= 2L * limits.bytes();
    }

    boolean isPaused() {
        return paused;
    }

    void paused(boolean now) {
        paused = now;
    }

    /** Returns whether nothing is under way, so that the consumer's position may be committed. */
    boolean isIdle() {
        return reading.isEmpty() && open.isEmpty() && flights.isEmpty();
    }

    boolean hasFlights() {
        return !flights.isEmpty();
    }

    /** Returns whether it needs no other document to continue; a flight that is not full waits for the next one. */
    boolean isBusy() {
        return !reading.isEmpty() || hasFlights();
    }

    /** Forgets what no device has begun. */
    void keepBegun() {
        reading.forEach(document -> document.cancel(false));
        reading.clear();
        open = new Flight(partition);
        flights.removeIf(Flight::isDropped);
    }

    void drop() {
        flights.forEach(Flight::drop);
        keepBegun();
        heldBytes = 0;
    }
}
