package org.bandpass.selector.calibrator;

import java.time.Duration;
import java.util.Map;
import org.bandpass.selector.runtime.SelectorSettings;

/**
 * What one calibrator does: which scores it digests, and when it publishes.
 *
 * @param scoredTopic topic of scores
 * @param partitions its partitions
 * @param rules boundaries and strata
 * @param minimumCount scores that a stratum must have to get cuts of its own
 * @param pace when there is a new version of the cuts
 * @param tick how long a partition must rest before what it has is published
 * @param targets offset after the last record to cover by partition, for a job, which publishes the final version of the
 *     cuts and no other; empty for a calibrator that never ends
 * @param published latest version of the cuts that exists by model revision
 */
public record CalibrationRules(
        String scoredTopic,
        int partitions,
        DigestRules rules,
        long minimumCount,
        Pace pace,
        Duration tick,
        Map<Integer, Long> targets,
        Map<String, Published> published) {

    /**
     * When a calibrator that never ends publishes.
     *
     * @param growth share by which the count must have grown, above 0
     * @param refresh time after which an idle topic's new scores get a version even where no cut has moved
     */
    record Pace(double growth, Duration refresh) {

        static Pace of(SelectorSettings settings) {
            return new Pace(settings.growth(), settings.refresh());
        }
    }

    /**
     * A version of the cuts that exists.
     *
     * @param version its number
     * @param at milliseconds since 1970
     */
    record Published(int version, long at) {}

    public CalibrationRules {
        targets = Map.copyOf(targets);
        published = Map.copyOf(published);
    }

    boolean isJob() {
        return !targets.isEmpty();
    }

    /** Returns the offset after the last record of a partition that a job waits for, 0 where it waits for none. */
    long target(int partition) {
        return targets.getOrDefault(partition, 0L);
    }
}
