package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.bandpass.ingest.Decision.Begun;
import org.bandpass.ingest.Decision.Skipped;
import org.bandpass.sources.Resume;
import org.bandpass.sources.Resume.State;
import org.bandpass.sources.file.StandardInput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reading a slow source, such as standard input that somebody types. */
@Timeout(60)
class ReadingThreadTest {

    private static final Decision BEGUN = new Begun(new Resume(StandardInput.of("jsonl"), "", 0, null, State.NEW));
    private static final Decision RECORD = new Skipped("a record");

    private final CountDownLatch given = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void endTheInput() {
        over.countDown();
    }

    @Test
    void handsOverWhatASlowSourceGave() throws InterruptedException {
        try (ReadingThread reader = ReadingThread.start(this::typed)) {
            given.await();

            assertThat(reader.poll(Duration.ofMillis(10))).isEqualTo(List.of(BEGUN, RECORD));
            assertThat(reader.poll(Duration.ofMillis(10))).isEmpty();
        }
    }

    @Test
    void keepsTheOrderOfFullGroupsAndOthers() throws InterruptedException {
        int last = 100_000;
        try (ReadingThread reader = ReadingThread.start(decisions -> {
            for (int i = 0; i < last; i++) {
                decisions.accept(new Skipped(Integer.toString(i)));
            }
        })) {
            for (int next = 0; next < last; ) {
                List<Decision> some = reader.poll(Duration.ZERO);
                for (Decision decision : some) {
                    if (next < last) {
                        assertThat(decision).isEqualTo(new Skipped(Integer.toString(next++)));
                    }
                }
            }
        }
    }

    @Test
    void endsSoonWhileStandardInputGivesNothing() throws InterruptedException {
        long before = System.nanoTime();
        try (ReadingThread reader = ReadingThread.start(this::typed)) {
            given.await();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(15));
    }

    /** Gives one record, then blocks and ignores interrupts. */
    private void typed(Consumer<Decision> decisions) {
        decisions.accept(BEGUN);
        decisions.accept(RECORD);
        given.countDown();
        while (over.getCount() > 0) {
            try {
                over.await();
            } catch (InterruptedException e) {
                // like a read of standard input
            }
        }
    }
}
