package org.bandpass.selector.calibrator;

import java.time.Duration;
import java.util.Map;
import org.bandpass.selector.runtime.SelectorSettings;

/**
 * Which scores a calibrator digests, and when it publishes cuts. Digests close at counts, never at times, so the same
 * records give the same bytes.
 *
 * @param targets offset after the last record to cover by partition, for a job, which publishes only the final version
 *     of the cuts; empty for a calibrator that never ends
 * @param published latest existing version of the cuts by model revision
 */
record CalibratorRules(SelectorSettings settings, Map<Integer, Long> targets, Map<String, Published> published) {

    /** A job knows its end, so it need not wait for idle partitions. */
    private static final Duration JOB_TICK = Duration.ofMillis(100);

    /** An existing version of the cuts; {@code at} in milliseconds since 1970. */
    record Published(int version, long at) {}

    String scoredTopic() {
        return settings.scoredTopic().name();
    }

    int partitions() {
        return settings.topics().partitions();
    }

    boolean isJob() {
        return !targets.isEmpty();
    }

    /** Returns the offset after the last record of a partition that a job waits for, 0 for none. */
    long target(int partition) {
        return targets.getOrDefault(partition, 0L);
    }

    /** Returns how long a partition must be idle before its new scores are published. */
    Duration tick() {
        return isJob() ? JOB_TICK : settings.settle();
    }
}
