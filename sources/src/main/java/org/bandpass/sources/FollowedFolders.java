package org.bandpass.sources;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.bandpass.sources.file.NamedFile;
import org.bandpass.sources.file.NamedFolder;
import org.bandpass.sources.file.Source;

/**
 * Gives what was named, then the files that are in folders and those that come, each once it has kept its size and time for a while, and
 * again after it has changed: in the order in which they settle, then by name. Hidden files and files of unknown formats
 * (also .tmp and .part) are passed over; what may not be read is waited for. Has no end but the interruption of its thread.
 *
 * <p>Folders are looked through, as no operating system tells of files that another machine writes to a shared disk.
 */
public final class FollowedFolders implements Iterator<Source> {

    /** Scanning folders may use at most one part in so many of the time. */
    private static final int LOOKING_SHARE = 10;

    private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /**
     * A file as it was when it was looked at.
     *
     * @param since when it was first seen so, nanoseconds
     * @param given whether it was given so
     */
    private record Seen(long bytes, long modifiedAt, long since, boolean given) {

        boolean isLike(BasicFileAttributes now) {
            return bytes == now.size() && modifiedAt == now.lastModifiedTime().toMillis();
        }
    }

    private final Iterator<Source> named;
    private final List<Path> folders;
    private final FollowTimes settings;
    private final Consumer<FollowedFolders> idle;
    private final LongSupplier nanoClock;
    private final Deque<Path> settled = new ArrayDeque<>();
    private Map<Path, Seen> files = new HashMap<>();
    private long nextLook;
    private boolean told;
    private volatile int waiting;
    private volatile int settling;

    /**
     * Has looked at nothing yet.
     *
     * @param named what is given before
     * @param idle called when there is nothing to read, once until there is again
     */
    public FollowedFolders(
            Iterator<Source> named, List<Path> folders, FollowTimes settings, Consumer<FollowedFolders> idle) {
        this(named, folders, settings, idle, System::nanoTime);
    }

    /**
     * As above, with a clock of the caller.
     *
     * @param nanoClock says what time it is, nanoseconds; between two looks it sleeps for real
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
        this.nextLook = nanoClock.getAsLong();
    }

    /** Returns how many files have settled and wait to be read; for any thread. */
    public int waiting() {
        return waiting;
    }

    /** Returns how many files have changed a short while ago; for any thread. */
    public int settling() {
        return settling;
    }

    /** Waits for a file; returns false when the thread is interrupted. */
    @Override
    public boolean hasNext() {
        while (!Thread.currentThread().isInterrupted()) {
            if (nanoClock.getAsLong() - nextLook >= 0) {
                look();
            }
            if (named.hasNext() || !settled.isEmpty()) {
                told = false;
                return true;
            }
            if (!told) {
                idle.accept(this);
                told = true;
            }
            try {
                TimeUnit.NANOSECONDS.sleep(Math.max(NANOS, nextLook - nanoClock.getAsLong()));
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

    private void look() {
        long began = nanoClock.getAsLong();
        Map<Path, Seen> now = new HashMap<>(2 * files.size());
        List<Path> fresh = new ArrayList<>();
        folders.forEach(folder -> look(folder, (file, attributes) -> {
            Seen seen = seen(file, attributes, began);
            now.put(file, seen);
            Seen before = files.get(file);
            if (seen.given() && (before == null || !before.given() || !before.isLike(attributes))) {
                fresh.add(file);
            }
        }));
        fresh.sort(Comparator.naturalOrder());
        settled.addAll(fresh);
        files = now;
        waiting = settled.size();
        settling = (int) now.values().stream().filter(file -> !file.given()).count();
        long took = nanoClock.getAsLong() - began;
        nextLook = began + Math.max(settings.pollMillis() * NANOS, LOOKING_SHARE * took);
    }

    private Seen seen(Path file, BasicFileAttributes attributes, long now) {
        Seen before = files.get(file);
        long since = before == null || !before.isLike(attributes) ? now : before.since();
        return new Seen(
                attributes.size(),
                attributes.lastModifiedTime().toMillis(),
                since,
                now - since >= settings.settleMillis() * NANOS
                        && (before != null && before.given() || Files.isReadable(file)));
    }

    private static void look(Path named, BiConsumer<Path, BasicFileAttributes> visit) {
        try {
            NamedFolder.glance(named, file -> SourceFormat.isKnown(String.valueOf(file.getFileName())), visit);
        } catch (IOException e) {
            // Not there for the moment, as a disk that is being mounted.
        }
    }
}
