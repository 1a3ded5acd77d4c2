package org.bandpass.ingest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bandpass.ingest.Decision.Accepted;
import org.bandpass.ingest.Decision.Begun;
import org.bandpass.ingest.Decision.Closed;
import org.bandpass.ingest.Decision.Ended;
import org.bandpass.ingest.Decision.Refused;
import org.jspecify.annotations.Nullable;

/**
 * Reads ahead of the writing thread, a bounded number of bytes: decisions travel in groups, so that handing them over
 * costs nothing beside making them, and what a slow source gives waits for no full group.
 */
final class ReadingThread implements AutoCloseable {

    private static final int GROUPS = 8;
    private static final int GROUP_RECORDS = 256;
    private static final long GROUP_BYTES = 1L << 20;
    private static final Duration ENDING = Duration.ofSeconds(30);
    /** A read of standard input cannot be interrupted, and nothing of it is kept for later. */
    private static final Duration ENDING_INPUT = Duration.ofSeconds(1);

    /** Ends the reading from within, when nobody wants the rest. */
    private static final class Cancelled extends RuntimeException {
        Cancelled() {
            super("the reading was ended", null, false, false);
        }
    }

    private final BlockingQueue<List<Decision>> queue = new ArrayBlockingQueue<>(GROUPS);
    private final Thread thread;
    private volatile boolean cancelled;
    private volatile Duration ending = ENDING;
    private List<Decision> group = new ArrayList<>();
    private long groupBytes;

    private ReadingThread(Consumer<Consumer<Decision>> reading) {
        thread = new Thread(() -> run(reading), "ingest-reader");
        thread.setDaemon(true);
    }

    /** Starts reading; the last decision says how it ended. */
    static ReadingThread start(Consumer<Consumer<Decision>> reading) {
        ReadingThread reader = new ReadingThread(reading);
        reader.thread.start();
        return reader;
    }

    /** Returns the next decisions, or null when there were none for that long. */
    @Nullable
    List<Decision> poll(Duration atMost) throws InterruptedException {
        List<Decision> full = queue.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
        return full == null ? begun() : full;
    }

    /** Returns the group that is not full yet, or null; groups that are full go before it. */
    private synchronized @Nullable List<Decision> begun() {
        List<Decision> full = queue.poll();
        return full != null || group.isEmpty() ? full : take();
    }

    /** Ends the reading and waits for the thread, but not long for one that no interrupt reaches. */
    @Override
    public void close() {
        cancelled = true;
        queue.clear();
        thread.interrupt();
        try {
            thread.join(ending.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Consumer<Consumer<Decision>> reading) {
        Throwable failure = null;
        try {
            reading.accept(this::decided);
        } catch (Cancelled e) {
            return;
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        try {
            add(new Closed(failure));
            flush();
        } catch (Cancelled e) {
            // nobody waits for it
        }
    }

    /** Takes one decision; also called with {@link #flush} between files, so that nothing waits for a full group. */
    private void decided(Decision decision) {
        if (decision instanceof Begun begun) {
            ending = begun.file().source().lasts() ? ENDING : ENDING_INPUT;
        }
        if (add(decision) || decision instanceof Ended) {
            flush();
        }
    }

    /** Returns whether the group is full. */
    private synchronized boolean add(Decision decision) {
        group.add(decision);
        if (decision instanceof Accepted accepted) {
            groupBytes += accepted.held();
        } else if (decision instanceof Refused refused && refused.content() != null) {
            groupBytes += refused.content().length;
        }
        return group.size() >= GROUP_RECORDS || groupBytes >= GROUP_BYTES;
    }

    private synchronized List<Decision> take() {
        List<Decision> taken = group;
        group = new ArrayList<>(GROUP_RECORDS);
        groupBytes = 0;
        return taken;
    }

    private void flush() {
        // Before it is in the queue nothing is added, so that no later group can overtake it.
        List<Decision> full = take();
        try {
            while (!cancelled) {
                if (queue.offer(full, 100, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new Cancelled();
    }
}
