package org.bandpass.ingest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bandpass.ingest.Decision.Accepted;
import org.bandpass.ingest.Decision.Closed;
import org.bandpass.ingest.Decision.Refused;
import org.jspecify.annotations.Nullable;

/**
 * Reads ahead of the writing thread, a bounded number of bytes: decisions travel in groups, so that handing them over
 * costs nothing beside making them.
 */
final class ReadingThread implements AutoCloseable {

    private static final int GROUPS = 8;
    private static final int GROUP_RECORDS = 256;
    private static final long GROUP_BYTES = 1L << 20;

    /** Ends the reading from within, when nobody wants the rest. */
    private static final class Cancelled extends RuntimeException {
        Cancelled() {
            super("the reading was ended", null, false, false);
        }
    }

    private final BlockingQueue<List<Decision>> queue = new ArrayBlockingQueue<>(GROUPS);
    private final Thread thread;
    private volatile boolean cancelled;
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
        return queue.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends the reading and waits for the thread. */
    @Override
    public void close() {
        cancelled = true;
        queue.clear();
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
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
            group.add(new Closed(failure));
            flush();
        } catch (Cancelled e) {
            // nobody waits for it
        }
    }

    /** Takes one decision; also called with {@link #flush} between files, so that nothing waits for a full group. */
    private void decided(Decision decision) {
        group.add(decision);
        if (decision instanceof Accepted accepted) {
            groupBytes += accepted.held();
        } else if (decision instanceof Refused refused && refused.content() != null) {
            groupBytes += refused.content().length;
        }
        if (group.size() >= GROUP_RECORDS || groupBytes >= GROUP_BYTES || decision instanceof Decision.Ended) {
            flush();
        }
    }

    private void flush() {
        try {
            while (!cancelled) {
                if (queue.offer(group, 100, TimeUnit.MILLISECONDS)) {
                    group = new ArrayList<>(GROUP_RECORDS);
                    groupBytes = 0;
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new Cancelled();
    }
}
