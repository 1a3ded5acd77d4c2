package org.bandpass.selector;

import java.time.Duration;
import java.util.function.Supplier;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/** Gives up waiting for something that has not changed for long. */
final class Patience {

    private final Duration limit;
    private @Nullable Object last;
    private long changedAt = System.nanoTime();

    Patience(Duration limit) {
        this.limit = limit;
    }

    /**
     * Looks at what should change.
     *
     * @param state equal to the state before when nothing has happened
     * @param what names what is waited for
     * @throws ProgramFailure if nothing has happened for too long
     */
    void look(Object state, Supplier<String> what) {
        long now = System.nanoTime();
        if (!state.equals(last)) {
            last = state;
            changedAt = now;
        } else if (now - changedAt > limit.toNanos()) {
            throw new ProgramFailure(what.get() + " has not moved for " + limit.toSeconds()
                    + " s: is an open transaction in the way, or another instance at a standstill?");
        }
    }
}
