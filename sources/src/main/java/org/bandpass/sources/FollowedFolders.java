package org.bandpass.sources;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.bandpass.sources.file.NamedFile;
import org.bandpass.sources.file.NamedFolder;
import org.bandpass.sources.file.Source;
import org.jspecify.annotations.Nullable;

/**
 * Returns named sources, then the files in folders: each after its size and time have been constant for a while, and again
 * after it has changed; in the order in which they settle, then by name. Skips hidden files and files of unknown formats
 * (also .tmp and .part). Unreadable files wait. Ends only when its thread is interrupted.
 *
 * <p>Folders are scanned, as no operating system reports files that another machine writes to a shared disk.
 */
public final class FollowedFolders implements Iterator<Source> {

    /** Scanning folders may use at most one part in so many of the time. */
    private static final int SCAN_SHARE = 10;

    private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /**
     * A file in a scan.
     *
     * @param since when it was first seen with this size and time, nanoseconds
     * @param settled whether it was returned with this size and time
     */
    private record Seen(long bytes, long modifiedAt, long since, boolean settled) {}

    private final Iterator<Source> named;
    private final List<Path> folders;
    private final FollowTimes settings;
    private final Consumer<FollowedFolders> idle;
    private final LongSupplier nanoClock;
    private final Deque<Path> settled = new ArrayDeque<>();
    private Map<Path, Seen> files = new HashMap<>();
    private long nextScan;
    private boolean reportedIdle;
    private volatile int waiting;
    private volatile int settling;

    /**
     * Scans nothing yet.
     *
     * @param named sources to return first
     * @param idle called once each time there is nothing left to read
     * @param nanoClock returns the time in nanoseconds, as {@link System#nanoTime}; pauses between scans are real
     */
    public FollowedFolders(
            Iterator<Source> named,
            List<Path> folders,
            FollowTimes settings,
            Consumer<FollowedFolders> idle,
            LongSupplier nanoClock) {
        this.named = named;
        this.folders = List.copyOf(folders);
        this.settings = settings;
        this.idle = idle;
        this.nanoClock = nanoClock;
        this.nextScan = nanoClock.getAsLong();
    }

    /** Returns how many files have settled and wait to be read; for any thread. */
    public int waiting() {
        return waiting;
    }

    /** Returns how many files have not settled yet; for any thread. */
    public int settling() {
        return settling;
    }

    /** Waits for a file; returns false when the thread is interrupted. */
    @Override
    public boolean hasNext() {
        while (!Thread.currentThread().isInterrupted()) {
            if (nanoClock.getAsLong() - nextScan >= 0) {
                scan();
            }
            if (named.hasNext() || !settled.isEmpty()) {
                reportedIdle = false;
                return true;
            }
            if (!reportedIdle) {
                idle.accept(this);
                reportedIdle = true;
            }
            try {
                TimeUnit.NANOSECONDS.sleep(Math.max(NANOS, nextScan - nanoClock.getAsLong()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return false;
    }

    @Override
    public Source next() {
        if (named.hasNext()) {
            return named.next();
        }
        Path file = settled.poll();
        if (file == null) {
            throw new NoSuchElementException("no file has settled; see hasNext");
        }
        waiting = settled.size();
        return new NamedFile(file);
    }

    private void scan() {
        long began = nanoClock.getAsLong();
        Map<Path, Seen> now = new HashMap<>(2 * files.size());
        TreeSet<Path> fresh = new TreeSet<>();
        folders.forEach(folder -> scan(folder, (file, attributes) -> {
            Seen before = files.get(file);
            Seen seen = seen(file, attributes, before, began);
            now.put(file, seen);
            if (seen.settled() && !seen.equals(before)) {
                fresh.add(file);
            }
        }));
        settled.addAll(fresh);
        files = now;
        waiting = settled.size();
        settling = (int) now.values().stream().filter(file -> !file.settled()).count();
        long took = nanoClock.getAsLong() - began;
        nextScan = began + Math.max(settings.pollMillis() * NANOS, SCAN_SHARE * took);
    }

    private Seen seen(Path file, BasicFileAttributes attributes, @Nullable Seen before, long now) {
        long bytes = attributes.size();
        long modifiedAt = attributes.lastModifiedTime().toMillis();
        Seen seen = before == null || before.bytes() != bytes || before.modifiedAt() != modifiedAt
                ? new Seen(bytes, modifiedAt, now, false)
                : before;
        boolean settles = now - seen.since() >= settings.settleMillis() * NANOS;
        return !seen.settled() && settles && Files.isReadable(file)
                ? new Seen(bytes, modifiedAt, seen.since(), true)
                : seen;
    }

    private static void scan(Path folder, BiConsumer<Path, BasicFileAttributes> visit) {
        try {
            NamedFolder.glance(folder, SourceFormat::isKnown, visit);
        } catch (IOException e) {
            // Missing at present, as a disk that is being mounted.
        }
    }
}
