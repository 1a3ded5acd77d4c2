package org.bandpass.selector.runtime;

import java.time.Duration;
import java.util.function.Supplier;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/** Stops a wait for something that no longer changes. */
public final class Patience {

    /** A longer step includes an outage, which has its own limit. */
    private static final long LONGEST_STEP_NANOS = Duration.ofSeconds(5).toNanos();

    private final Duration limit;
    private @Nullable Object last;
    private long checkedAt = System.nanoTime();
    private long waited;

    public Patience(Duration limit) {
        this.limit = limit;
    }

    /** Throws a ProgramFailure if the state, described by {@code what}, has not changed for too long. */
    public void check(Object state, Supplier<String> what) {
        long now = System.nanoTime();
        waited = state.equals(last) ? waited + Math.min(now - checkedAt, LONGEST_STEP_NANOS) : 0;
        last = state;
        checkedAt = now;
        if (waited > limit.toNanos()) {
            throw new ProgramFailure(what.get() + " has not moved for " + limit.toSeconds()
                    + " s: is an open transaction in the way, or another instance at a standstill?");
        }
    }
}
