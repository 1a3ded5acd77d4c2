package org.bandpass.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.sources.SampleFiles.write;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.bandpass.sources.file.LocalFile;
import org.bandpass.sources.file.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Time passes only when the clock is read, so that no pause of the machine settles a file. */
@Timeout(120)
class FollowedFoldersTest {

    private static final int SETTLE = 150;
    /** Nanoseconds that pass with each reading of the clock. */
    private static final long STEP = TimeUnit.MILLISECONDS.toNanos(1);

    @TempDir
    private Path folder;

    private final BlockingQueue<String> idle = new LinkedBlockingQueue<>();
    private long nanos;
    /** Called with each time, in milliseconds. */
    private IntConsumer meanwhile = now -> {};

    @Test
    void returnsFilesOfKnownFormatsByName() throws Exception {
        Path named = write(folder.resolve("named.txt"), "x");
        Files.createSymbolicLink(folder.resolve("in"), Files.createDirectories(folder.resolve("real")));
        Path sub = Files.createDirectories(folder.resolve("in/sub"));
        for (String file :
                List.of("b.jsonl", "a.jsonl.gz", "c.jsonl.part", "d.jsonl.tmp", ".e.jsonl", "_e.jsonl", "f.jpeg")) {
            write(sub.resolve(file), "x");
        }
        write(Files.createDirectories(folder.resolve("in/.hidden")).resolve("g.jsonl"), "x");
        write(Files.createDirectories(folder.resolve("in/_temporary/0")).resolve("g.jsonl"), "x");
        Files.createSymbolicLink(sub.resolve("h.jsonl"), named);
        Files.createSymbolicLink(sub.resolve("i.jsonl"), folder.resolve("gone"));
        FollowedFolders folders = follow(List.of(LocalFile.of(named)));

        assertThat(next(folders)).isEqualTo("named.txt");
        assertThat(next(folders)).isEqualTo("a.jsonl.gz");
        assertThat(folders.waiting()).isEqualTo(2);
        assertThat(next(folders)).isEqualTo("b.jsonl");
        assertThat(next(folders)).isEqualTo("h.jsonl");
        assertThat(folders.waiting()).isZero();
        assertThat(idle).hasSize(1);
    }

    @Test
    void waitsUntilAFileHasStoppedGrowing() throws Exception {
        FollowedFolders folders = follow(List.of());
        Path growing = folder.resolve("in/growing.jsonl");
        Files.createDirectories(growing.getParent());
        // Grows shortly before it would settle.
        int pause = SETTLE - 10;
        meanwhile = now -> {
            if (now % pause == 0 && now <= 5 * pause) {
                append(growing);
            }
        };
        assertThat(next(folders)).isEqualTo("growing.jsonl");
        assertThat(Files.size(growing)).isEqualTo(5);
        assertThat(TimeUnit.NANOSECONDS.toMillis(nanos)).isBetween(5L * pause + SETTLE, 5L * pause + 2 * SETTLE);
        assertThat(folders.settling()).isZero();

        append(growing);
        write(folder.resolve("in/later.jsonl"), "x");
        assertThat(List.of(next(folders), next(folders))).containsExactly("growing.jsonl", "later.jsonl");
    }

    @Test
    void endsWhenItsThreadIsInterrupted() throws Exception {
        FollowedFolders folders = follow(List.of());
        boolean[] more = {true};
        Thread thread = new Thread(() -> more[0] = folders.hasNext());
        thread.start();
        // It waits for files from now on.
        idle.take();
        thread.interrupt();
        thread.join();
        assertThat(more[0]).isFalse();
    }

    /** Of each file it keeps a name, a size and times. */
    @Test
    void findsANewFileAmongMany() throws Exception {
        Path in = Files.createDirectories(folder.resolve("in"));
        for (int i = 0; i < 2_000; i++) {
            write(in.resolve(i + ".txt"), "");
        }
        FollowedFolders folders = follow(List.of());
        for (int i = 0; i < 2_000; i++) {
            next(folders);
        }
        write(in.resolve("new.txt"), "");
        assertThat(next(folders)).isEqualTo("new.txt");
    }

    private FollowedFolders follow(List<Source> named) {
        return new FollowedFolders(
                named.iterator(),
                List.of(folder.resolve("in")),
                new FollowTimes(SETTLE, 10),
                folders -> idle.add("settling " + folders.settling()),
                this::tick);
    }

    private long tick() {
        nanos += STEP;
        meanwhile.accept((int) TimeUnit.NANOSECONDS.toMillis(nanos));
        return nanos;
    }

    private static String next(FollowedFolders folders) {
        assertThat(folders.hasNext()).isTrue();
        return folders.next().fileName();
    }

    private static void append(Path file) {
        try {
            Files.writeString(file, "x", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
