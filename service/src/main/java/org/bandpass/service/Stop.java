package org.bandpass.service;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A request to stop, made by a signal (SIGTERM, Ctrl-C) or by a test. Programs look at {@link #requested} in their
 * loop; the process stays until they call {@link #close} or the deadline has passed.
 */
public final class Stop implements AutoCloseable {

    private final AtomicBoolean requested = new AtomicBoolean();
    private final CountDownLatch wanted = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final @Nullable Thread hook;

    private Stop(@Nullable Duration deadline) {
        hook = deadline == null ? null : new Thread(() -> signalled(deadline), "bandpass-stop");
        if (hook != null) {
            Runtime.getRuntime().addShutdownHook(hook);
        }
    }

    /** Returns a stop that a signal to this process requests; the process then waits for {@link #close} that long. */
    public static Stop onSignal(Duration deadline) {
        return new Stop(deadline);
    }

    /** Returns a stop that only {@link #request} requests. */
    public static Stop byRequest() {
        return new Stop(null);
    }

    public void request() {
        requested.set(true);
        wanted.countDown();
    }

    /** Returns whether the program should stop. */
    public boolean requested() {
        return requested.get();
    }

    /** Waits until a stop is requested, at most that long; returns whether it was. */
    public boolean await(Duration atMost) {
        try {
            return wanted.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
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
                // The process is going down already; its hook finds the program ended.
                requested.set(true);
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
