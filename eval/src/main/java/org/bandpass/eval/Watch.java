package org.bandpass.eval;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.bandpass.service.Progress;

/** Shows how far a task is and ends it early when nobody wants its result any more. */
final class Watch implements AutoCloseable {

    private final Progress progress;
    private final BooleanSupplier cancelled;

    /**
     * Begins to watch.
     *
     * @param label run and task
     * @param unit what is counted
     * @param total how many there will be
     * @param cancelled whether to end early
     */
    Watch(String label, String unit, long total, BooleanSupplier cancelled) {
        this.progress = Progress.start(label, unit, total);
        this.cancelled = cancelled;
    }

    /**
     * Goes on or does not.
     *
     * @throws CancellationException if nobody wants the result
     */
    void check() {
        if (cancelled.getAsBoolean()) {
            throw new CancellationException("evaluation ended early");
        }
    }

    void done(long count) {
        progress.at(count);
    }

    @Override
    public void close() {
        progress.close();
    }
}
