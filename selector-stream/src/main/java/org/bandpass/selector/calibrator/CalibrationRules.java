package org.bandpass.selector.calibrator;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.bandpass.selector.cuts.CutsVersion;
import org.bandpass.selector.runtime.SelectorSettings;

/**
 * Which scores one calibrator digests, and when it publishes cuts.
 *
 * @param scoredTopic topic of scores
 * @param partitions its partitions
 * @param digests boundaries and strata
 * @param minimumCount scores that a stratum must have to get cuts of its own
 * @param growth share by which the count must have grown before a calibrator that never ends publishes, above 0
 * @param refresh time after which an idle topic's new scores get a version even where no cut has moved
 * @param tick how long a partition must be idle before what it has is published
 * @param targets offset after the last record to cover by partition, for a job, which publishes the final version of the
 *     cuts and no other; empty for a calibrator that never ends
 * @param published latest version of the cuts that exists by model revision
 */
record CalibrationRules(
        String scoredTopic,
        int partitions,
        DigestRules digests,
        long minimumCount,
        double growth,
        Duration refresh,
        Duration tick,
        Map<Integer, Long> targets,
        Map<String, Published> published) {

    /** A version of the cuts that exists, and when it was published, in milliseconds since 1970. */
    record Published(int version, long at) {}

    CalibrationRules {
        targets = Map.copyOf(targets);
        published = Map.copyOf(published);
    }

    /** Returns the rules of a calibrator with these targets, after these versions. */
    static CalibrationRules of(
            SelectorSettings settings, Duration tick, Map<Integer, Long> targets, Map<String, CutsVersion> latest) {
        Map<String, Published> published = new HashMap<>();
        latest.forEach((revision, version) ->
                published.put(revision, new Published(version.id().version(), version.publishedAt())));
        return new CalibrationRules(
                settings.scoredTopic().name(),
                settings.topics().partitions(),
                DigestRules.of(settings),
                settings.stratumMinimum(),
                settings.growth(),
                settings.refresh(),
                tick,
                targets,
                published);
    }

    boolean isJob() {
        return !targets.isEmpty();
    }

    /** Returns the offset after the last record of a partition that a job waits for, 0 where it waits for none. */
    long target(int partition) {
        return targets.getOrDefault(partition, 0L);
    }
}
