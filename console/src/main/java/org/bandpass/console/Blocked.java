package org.bandpass.console;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What open transactions hide from readers of committed records.
 *
 * @param offsets number of hidden offsets; some may be markers, or records that are aborted later
 * @param by the oldest transaction, or null if the broker does not name it
 */
record Blocked(long offsets, @Nullable OpenTransaction by) {

    static final Blocked NOT = new Blocked(0, null);

    /** Shorter transactions are normal in a busy pipeline. */
    private static final Duration WORTH_MENTIONING = Duration.ofSeconds(10);

    /**
     * An open transaction.
     *
     * @param owner its transactional id, or the producer's number if the coordinator does not know it
     * @param since when it began
     */
    record OpenTransaction(String owner, Instant since) {}

    Blocked and(Blocked other) {
        OpenTransaction oldest =
                by == null || (other.by != null && other.by.since().isBefore(by.since())) ? other.by : by;
        return new Blocked(offsets + other.offsets, oldest);
    }

    /** Returns a sentence for people, or null if there is nothing to mention. */
    @Nullable
    String words(Instant now) {
        if (offsets == 0 || by == null || Duration.between(by.since(), now).compareTo(WORTH_MENTIONING) < 0) {
            return null;
        }
        return String.format(
                Locale.ROOT,
                "%,d offsets are blocked by an open transaction of %s for %,d s",
                offsets,
                by.owner(),
                Duration.between(by.since(), now).toSeconds());
    }
}
