package org.bandpass.selector;

import java.time.Duration;
import java.util.Map;

/**
 * What one calibrator does: which scores it digests, and when it publishes.
 *
 * @param scoredTopic topic of scores
 * @param partitions its partitions
 * @param rules boundaries and strata
 * @param minimumCount scores that a stratum must have to get cuts of its own
 * @param growth share by which the count must grow for a new version of the cuts, above 0
 * @param tick how long a partition must rest before what it has is published
 * @param targets offset after the last record to cover by partition, for a job, which publishes the final version of the
 *     cuts and no other; empty for a calibrator that never ends
 * @param lastVersions highest version of the cuts that exists by model revision
 */
record Calibration(
        String scoredTopic,
        int partitions,
        DigestRules rules,
        long minimumCount,
        double growth,
        Duration tick,
        Map<Integer, Long> targets,
        Map<String, Integer> lastVersions) {

    Calibration {
        targets = Map.copyOf(targets);
        lastVersions = Map.copyOf(lastVersions);
    }

    boolean isJob() {
        return !targets.isEmpty();
    }

    /** Returns the offset after the last record of a partition that a job waits for, 0 where it waits for none. */
    long target(int partition) {
        return targets.getOrDefault(partition, 0L);
    }
}
