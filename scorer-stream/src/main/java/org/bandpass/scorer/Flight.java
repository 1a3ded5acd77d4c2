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
 * A run of consecutive documents of one partition that is scored and written together. Filled and read by the consumer's
 * thread, scored by a device's.
 */
final class Flight {

    /**
     * When a flight is closed.
     *
     * @param tokens as soon as it has so many tokens
     * @param bytes as soon as its records have so many bytes
     * @param linger at the end of the partition, when no document has come for so long
     */
    record Limits(int tokens, int bytes, Duration linger) {}

    /**
     * What a device made of a flight.
     *
     * @param likelihoods one for each document that is not refused, in order
     * @param positions positions that were computed, padding included
     * @param duration how long the device took
     */
    record Scores(List<Likelihood> likelihoods, long positions, Duration duration) {

        long tokens() {
            return likelihoods.stream().mapToLong(Likelihood::tokens).sum();
        }
    }

    private final TopicPartition partition;
    private final List<FlightDocument> documents = new ArrayList<>();
    private final CompletableFuture<Scores> scores = new CompletableFuture<>();
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

    /** Marks its scores as not wanted. */
    void drop() {
        dropped = true;
    }

    boolean isDropped() {
        return dropped;
    }

    void scored(Scores result) {
        scores.complete(result);
    }

    void failed(Throwable thrown) {
        scores.completeExceptionally(thrown);
    }

    boolean isDone() {
        return scores.isDone();
    }

    /**
     * Returns the scores of a flight that is done.
     *
     * @throws ProgramFailure if its device failed
     */
    Scores scores() {
        try {
            return scores.join();
        } catch (CompletionException | CancellationException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof ProgramFailure failure) {
                throw failure;
            }
            throw new ProgramFailure(
                    "cannot score " + partition + " up to offset " + end() + ": " + cause.getMessage(), cause);
        }
    }
}
