package org.bandpass.eval;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.bandpass.service.ProgramFailure;

/** One evaluation on the worker. Belongs to the thread that started it. */
final class RunJob {

    /** The work; it checks the flag from time to time and may throw a CancellationException. */
    interface Work {
        RunScore score(AtomicBoolean cancelled);
    }

    private final ConsumerRecord<byte[], byte[]> record;
    private final Work work;
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private Future<RunScore> score;
    private int failures;

    /** Starts the work. */
    RunJob(ConsumerRecord<byte[], byte[]> record, ExecutorService worker, Work work) {
        this.record = record;
        this.work = work;
        this.score = worker.submit(() -> work.score(cancelled));
    }

    /** Returns the offset after the run's record. */
    long next() {
        return record.offset() + 1;
    }

    boolean isDone() {
        return score.isDone();
    }

    /** Tells the worker that the result is no longer wanted. */
    void cancel() {
        cancelled.set(true);
    }

    /** Counts a failure, of the evaluation or of its write, and returns how many there were. */
    int failed() {
        return ++failures;
    }

    void again(ExecutorService worker) {
        score = worker.submit(() -> work.score(cancelled));
    }

    /** Returns the score of a job that is done; what the worker threw is thrown here. */
    RunScore score() {
        try {
            return score.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramFailure("interrupted while evaluating", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException thrown) {
                throw thrown;
            }
            if (e.getCause() instanceof Error thrown) {
                throw thrown;
            }
            throw new ProgramFailure("evaluation failed: " + e.getMessage(), e);
        }
    }
}
