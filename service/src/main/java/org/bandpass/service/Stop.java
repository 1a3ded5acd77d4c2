package org.bandpass.service;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A request to stop, made by a signal (SIGTERM, Ctrl-C) or by a test. Programs check {@link #requested} in their loop.
 * After a signal the process waits until they call {@link #close}, or until the deadline.
 */
public final class Stop implements AutoCloseable {

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final @Nullable Thread hook;

    private Stop(@Nullable Duration deadline) {
        hook = deadline == null ? null : new Thread(() -> signalled(deadline), "bandpass-stop");
        if (hook != null) {
            Runtime.getRuntime().addShutdownHook(hook);
        }
    }

    /** Returns a stop that a signal to this process requests; the process then waits that long for {@link #close}. */
    public static Stop onSignal(Duration deadline) {
        return new Stop(deadline);
    }

    /** Returns a stop that only {@link #request} requests. */
    public static Stop byRequest() {
        return new Stop(null);
    }

    public void request() {
        requested.countDown();
    }

    public boolean requested() {
        return requested.getCount() == 0;
    }

    /** Waits for a request, at most that long; returns whether there is one. */
    public boolean await(Duration atMost) {
        try {
            return requested.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Override
    public void close() {
        ended.countDown();
        if (hook != null && !requested()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The process is exiting already.
                request();
            }
        }
    }

    private void signalled(Duration deadline) {
        request();
        try {
            if (!ended.await(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("bandpass: did not stop within " + deadline.toSeconds() + " s; leaving");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
