package org.bandpass.scorer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.languagemodel.Likelihood;
import org.bandpass.service.ProgramFailure;

/**
 * Consecutive documents of one partition that are scored and written together. The consumer's thread fills and reads it, a
 * device's thread scores it.
 */
final class Flight {

    /**
     * When a flight is closed.
     *
     * @param tokens at this many tokens
     * @param bytes at this many bytes of its records
     * @param linger at the end of the partition, when no document has arrived for this long
     */
    record Limits(int tokens, int bytes, Duration linger) {}

    /**
     * The result of a device.
     *
     * @param likelihoods one for each document that is not refused, in order
     * @param positions computed positions, padding included
     * @param duration time of the device
     */
    record Scores(List<Likelihood> likelihoods, long positions, Duration duration) {

        long tokens() {
            return likelihoods.stream().mapToLong(Likelihood::tokens).sum();
        }
    }

    private final TopicPartition partition;
    private final List<FlightDocument> documents = new ArrayList<>();
    private final CompletableFuture<Scores> future = new CompletableFuture<>();
    private volatile boolean dropped;
    private long tokens;
    private long bytes;

    Flight(TopicPartition partition) {
        this.partition = partition;
    }

    TopicPartition partition() {
        return partition;
    }

    void add(FlightDocument document) {
        documents.add(document);
        tokens += document.tokens();
        bytes += document.size();
    }

    List<FlightDocument> documents() {
        return Collections.unmodifiableList(documents);
    }

    /** Returns the ids of the documents that are not refused, in order. */
    List<int[]> ids() {
        return documents.stream()
                .filter(document -> document.content().refusal() == null)
                .map(FlightDocument::ids)
                .toList();
    }

    boolean isEmpty() {
        return documents.isEmpty();
    }

    boolean isFull(Limits limits) {
        return tokens >= limits.tokens() || bytes >= limits.bytes();
    }

    long bytes() {
        return bytes;
    }

    /** Returns the offset after its last document. */
    long end() {
        return documents.get(documents.size() - 1).offset() + 1;
    }

    /** Marks its scores as unwanted. */
    void drop() {
        dropped = true;
    }

    boolean isDropped() {
        return dropped;
    }

    /** Returns the future that its device completes. */
    CompletableFuture<Scores> future() {
        return future;
    }

    /**
     * Returns the scores of a flight that is done.
     *
     * @throws ProgramFailure if its device failed
     */
    Scores scores() {
        return result(future, "cannot score " + partition + " up to offset " + end());
    }

    /** Returns the result of a future, or throws its failure as one of the program. */
    static <T> T result(CompletableFuture<T> future, String failed) {
        try {
            return future.join();
        } catch (CompletionException | CancellationException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw cause instanceof ProgramFailure failure
                    ? failure
                    : new ProgramFailure(failed + ": " + cause.getMessage(), cause);
        }
    }
}
