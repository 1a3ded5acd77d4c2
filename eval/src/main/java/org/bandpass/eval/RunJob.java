package org.bandpass.eval;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** One evaluation on the worker. Belongs to the thread that started it. */
final class RunJob {

    /** An evaluation. */
    interface Work {

        /**
         * Evaluates a run.
         *
         * @param sink receives parts to write before the end
         * @param cancelled read from time to time; the work may then throw a CancellationException
         */
        RunOutcome evaluate(EvaluateGauntlet.Sink sink, BooleanSupplier cancelled);
    }

    private final long offset;
    private final Executor worker;
    private final Work work;
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final Queue<EvaluationPart> parts = new ConcurrentLinkedQueue<>();
    private CompletableFuture<RunOutcome> outcome;
    private EvaluationPart unwritten = EvaluationPart.NOTHING;
    private int failures;

    /**
     * Starts the work.
     *
     * @param offset offset of the run's record
     */
    RunJob(long offset, Executor worker, Work work) {
        this.offset = offset;
        this.worker = worker;
        this.work = work;
        this.outcome = start();
    }

    private CompletableFuture<RunOutcome> start() {
        return CompletableFuture.supplyAsync(() -> work.evaluate(parts::add, cancelled::get), worker);
    }

    void restart() {
        outcome = start();
    }

    long offset() {
        return offset;
    }

    /** Returns whether the work has ended; what it handed over before may be unwritten. */
    boolean isDone() {
        return outcome.isDone();
    }

    /** Tells the worker that the result is no longer wanted. */
    void cancel() {
        cancelled.set(true);
    }

    /** Counts a failure, of the evaluation or of its write, and returns their number. */
    int failed() {
        return ++failures;
    }

    /** Returns everything that was handed over and not written, the same again until {@link #written}. */
    EvaluationPart unwritten() {
        for (EvaluationPart part = parts.poll(); part != null; part = parts.poll()) {
            unwritten = unwritten.and(part);
        }
        return unwritten;
    }

    /** Notes that everything of the last call of {@link #unwritten} was written. */
    void written() {
        unwritten = EvaluationPart.NOTHING;
        failures = 0;
    }

    /** Returns the outcome of a job that is done, or throws what the worker threw. */
    RunOutcome outcome() {
        try {
            return outcome.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException thrown) {
                throw thrown;
            }
            if (e.getCause() instanceof Error thrown) {
                throw thrown;
            }
            throw e;
        }
    }
}
