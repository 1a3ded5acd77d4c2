package org.bandpass.selector.runtime;

import java.time.Duration;
import java.util.function.Supplier;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/** Gives up waiting for something that no longer changes. */
public final class Patience {

    /** A longer step was spent waiting for the cluster, which has its own patience. */
    private static final long LONGEST_STEP_NANOS = Duration.ofSeconds(5).toNanos();

    private final Duration limit;
    private @Nullable Object last;
    private long lookedAt = System.nanoTime();
    private long waited;

    public Patience(Duration limit) {
        this.limit = limit;
    }

    /**
     * Checks what should change.
     *
     * @param state equal to the state before when nothing has happened
     * @param what names what is waited for
     * @throws ProgramFailure if nothing has happened for too long
     */
    public void look(Object state, Supplier<String> what) {
        long now = System.nanoTime();
        waited = state.equals(last) ? waited + Math.min(now - lookedAt, LONGEST_STEP_NANOS) : 0;
        last = state;
        lookedAt = now;
        if (waited > limit.toNanos()) {
            throw new ProgramFailure(what.get() + " has not moved for " + limit.toSeconds()
                    + " s: is an open transaction in the way, or another instance at a standstill?");
        }
    }
}
