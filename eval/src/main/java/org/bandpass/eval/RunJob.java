package org.bandpass.eval;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** One evaluation on the worker. Belongs to the thread that started it. */
final class RunJob {

    private final long offset;
    private final Executor worker;
    private final Function<BooleanSupplier, RunScore> work;
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private CompletableFuture<RunScore> score;
    private int failures;

    /**
     * Starts the work.
     *
     * @param offset offset of the run's record
     * @param work reads from time to time whether it is cancelled, and may then throw a CancellationException
     */
    RunJob(long offset, Executor worker, Function<BooleanSupplier, RunScore> work) {
        this.offset = offset;
        this.worker = worker;
        this.work = work;
        this.score = start();
    }

    private CompletableFuture<RunScore> start() {
        return CompletableFuture.supplyAsync(() -> work.apply(cancelled::get), worker);
    }

    void restart() {
        score = start();
    }

    long offset() {
        return offset;
    }

    boolean isDone() {
        return score.isDone();
    }

    /** Tells the worker that the result is no longer wanted. */
    void cancel() {
        cancelled.set(true);
    }

    /** Counts a failure, of the evaluation or of its write, and returns their number. */
    int failed() {
        return ++failures;
    }

    /** Returns the score of a job that is done, or throws what the worker threw. */
    RunScore score() {
        try {
            return score.join();
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
