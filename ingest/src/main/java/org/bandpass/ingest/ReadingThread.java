package org.bandpass.ingest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bandpass.ingest.Decision.Begun;
import org.bandpass.ingest.Decision.Closed;
import org.bandpass.ingest.Decision.Ended;

/**
 * Reads ahead of the writing thread, by a bounded number of bytes. Decisions are handed over in groups, which keeps the
 * cost low; decisions about a slow source do not wait for a full group.
 */
final class ReadingThread implements AutoCloseable {

    private static final int GROUPS = 8;
    private static final int GROUP_RECORDS = 256;
    private static final long GROUP_BYTES = 1L << 20;
    private static final Duration ENDING = Duration.ofSeconds(30);
    /** A read of standard input cannot be interrupted, and a restart cannot repeat it. */
    private static final Duration ENDING_INPUT = Duration.ofSeconds(1);

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

    /** Starts reading; the last decision is {@link Closed}. */
    static ReadingThread start(Consumer<Consumer<Decision>> reading) {
        ReadingThread reader = new ReadingThread(reading);
        reader.thread.start();
        return reader;
    }

    /** Returns the next decisions; none if there was none for that long. */
    List<Decision> poll(Duration atMost) throws InterruptedException {
        List<Decision> full = queue.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
        return full == null ? partial() : full;
    }

    /** Returns the group that is not full yet, unless the queue has a full one now. */
    private synchronized List<Decision> partial() {
        List<Decision> full = queue.poll();
        return full == null ? take() : full;
    }

    /** Cancels the reading and waits for the thread, but only briefly for one that cannot be interrupted. */
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
        } catch (CancellationException e) {
            return;
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        try {
            add(new Closed(failure));
            flush();
        } catch (CancellationException e) {
            // closed meanwhile
        }
    }

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
        groupBytes += decision.memoryBytes();
        return group.size() >= GROUP_RECORDS || groupBytes >= GROUP_BYTES;
    }

    private synchronized List<Decision> take() {
        List<Decision> taken = group;
        group = new ArrayList<>(GROUP_RECORDS);
        groupBytes = 0;
        return taken;
    }

    private void flush() {
        // Nothing is added until it is in the queue, so no later group can overtake it.
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
        throw new CancellationException("reading was cancelled");
    }
}
