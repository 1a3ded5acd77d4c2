package org.bandpass.eval;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.bandpass.service.Progress;

/** Shows the progress of a task and ends it early when its result is no longer wanted. */
final class Watch implements AutoCloseable {

    private final Progress progress;
    private final BooleanSupplier cancelled;

    /** Begins to watch a run's task with so many units; {@code cancelled} ends it early. */
    Watch(String label, String unit, long total, BooleanSupplier cancelled) {
        this.progress = Progress.start(label, unit, total);
        this.cancelled = cancelled;
    }

    /** Throws a {@link CancellationException} where the result is no longer wanted. */
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
