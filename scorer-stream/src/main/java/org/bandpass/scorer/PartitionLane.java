package org.bandpass.scorer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The work in progress of one partition, in the order of its offsets: documents that are being tokenised, the open flight,
 * flights that are being scored. Belongs to the consumer's thread.
 */
final class PartitionLane {

    private final TopicPartition partition;
    private final Flight.Limits limits;
    private final Consumer<Flight> closed;
    private final Deque<CompletableFuture<FlightDocument>> tokenising = new ArrayDeque<>();
    private final Deque<Flight> flights = new ArrayDeque<>();
    private Flight open;
    private long heldBytes;
    private long committed = -1;
    private boolean paused;
    private long arrivedAt = System.nanoTime();

    /** Makes an empty lane that hands over each flight that is closed. */
    PartitionLane(TopicPartition partition, Flight.Limits limits, Consumer<Flight> closed) {
        this.partition = partition;
        this.limits = limits;
        this.closed = closed;
        this.open = new Flight(partition);
    }

    TopicPartition partition() {
        return partition;
    }

    /** Returns the committed offset, -1 for none yet. */
    long committed() {
        return committed;
    }

    void committed(long offset) {
        committed = offset;
    }

    void add(CompletableFuture<FlightDocument> document, int bytes) {
        tokenising.add(document);
        heldBytes += bytes;
        arrivedAt = System.nanoTime();
    }

    /** Removes and returns the next document if it is tokenised, or returns null. */
    @Nullable
    FlightDocument nextTokenised() {
        CompletableFuture<FlightDocument> next = tokenising.peek();
        if (next == null || !next.isDone()) {
            return null;
        }
        tokenising.remove();
        return Flight.result(next, "cannot tokenise a document of " + partition);
    }

    /** Adds a document to the open flight, which is closed if that fills it. */
    void board(FlightDocument document) {
        open.add(document);
        if (open.isFull(limits)) {
            closeFlight();
        }
    }

    /** Returns whether the open flight has waited long enough for another document. */
    boolean hasLingered() {
        return tokenising.isEmpty()
                && !open.isEmpty()
                && System.nanoTime() - arrivedAt >= limits.linger().toNanos();
    }

    void closeFlight() {
        flights.add(open);
        closed.accept(open);
        open = new Flight(partition);
    }

    /** Removes and returns the scored flights that are next in order. */
    List<Flight> takeScored() {
        List<Flight> scored = new ArrayList<>();
        for (Flight next = flights.peek(); next != null && next.future().isDone(); next = flights.peek()) {
            heldBytes -= next.bytes();
            scored.add(flights.remove());
        }
        return scored;
    }

    /** Returns whether it holds enough bytes for at least one closed flight, which can be scored. */
    boolean isFull() {
        return heldBytes >= 2L * limits.bytes();
    }

    boolean isPaused() {
        return paused;
    }

    void paused(boolean now) {
        paused = now;
    }

    /** Returns whether nothing is in progress, so that the consumer's position may be committed. */
    boolean isIdle() {
        return tokenising.isEmpty() && open.isEmpty() && flights.isEmpty();
    }

    boolean hasFlights() {
        return !flights.isEmpty();
    }

    /** Returns whether it continues without another document; an open flight waits for one. */
    boolean isBusy() {
        return !tokenising.isEmpty() || hasFlights();
    }

    /** Drops everything that no device has begun. */
    void keepBegun() {
        tokenising.forEach(document -> document.cancel(false));
        tokenising.clear();
        open = new Flight(partition);
        flights.removeIf(Flight::isDropped);
    }

    void drop() {
        flights.forEach(Flight::drop);
        keepBegun();
        heldBytes = 0;
    }
}
