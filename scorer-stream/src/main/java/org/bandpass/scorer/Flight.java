package org.bandpass.scorer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.service.ProgramFailure;

/**
 * A run of consecutive documents of one partition that is scored and written together. Filled and read by the consumer's
 * thread, scored by a device's.
 */
final class Flight {

    private final TopicPartition partition;
    private final List<FlightDocument> documents = new ArrayList<>();
    private final CompletableFuture<FlightScores> scores = new CompletableFuture<>();
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

    /** Returns whether it is large enough to go. */
    boolean isFull(FlightLimits limits) {
        return tokens >= limits.tokens() || bytes >= limits.bytes();
    }

    long bytes() {
        return bytes;
    }

    /** Returns the offset behind its last document. */
    long behind() {
        return documents.get(documents.size() - 1).offset() + 1;
    }

    /** Says that nobody wants its scores any more. */
    void drop() {
        dropped = true;
    }

    boolean isDropped() {
        return dropped;
    }

    void scored(FlightScores result) {
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
    FlightScores scores() {
        try {
            return scores.join();
        } catch (CompletionException | CancellationException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof ProgramFailure failure) {
                throw failure;
            }
            throw new ProgramFailure(
                    "cannot score " + partition + " up to offset " + behind() + ": " + cause.getMessage(), cause);
        }
    }
}
