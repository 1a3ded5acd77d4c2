package org.bandpass.selector.calibrator;

import java.util.List;
import java.util.stream.Collectors;
import org.bandpass.selector.digest.StratumDigest;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.selector.score.Stratification;

/**
 * When digests are closed, and of what. All bounds are counts, never times, so the same records give the same bytes.
 *
 * @param boundaryScores scores of one stratum and partition between two serialisations of its digest
 * @param blockRecords records of a partition that weigh the same and half of those after; 0 for no half-life
 * @param stratifications what strata are kept beside 'all'
 * @param mostStrata strata of one stratification that a partition keeps at most
 */
record DigestRules(int boundaryScores, long blockRecords, List<Stratification> stratifications, int mostStrata) {

    DigestRules {
        stratifications = List.copyOf(stratifications);
    }

    static DigestRules of(SelectorSettings settings) {
        long halfLife = settings.halfLife();
        long block =
                halfLife == 0 ? 0 : Math.max(1, halfLife / settings.topics().partitions());
        return new DigestRules(settings.boundaryScores(), block, settings.stratifications(), settings.mostStrata());
    }

    /**
     * Returns the rules that must not change while there is state, as settings: blocks would be renumbered, and strata
     * that were refused or not kept would look complete. The boundary may change at any time.
     */
    String lasting() {
        String strata =
                stratifications.stream().map(Stratification::word).sorted().collect(Collectors.joining(","));
        return "a half-life of " + blockRecords + " documents a partition (0: none), calibrator.strata=" + strata
                + ", calibrator.strata.maximum=" + mostStrata;
    }

    StratumDigest emptyDigest() {
        return new StratumDigest(boundaryScores, blockRecords > 0);
    }

    /** Returns the number of the block that a partition's n-th record (from 0) belongs to. */
    long blockOf(long record) {
        return blockRecords == 0 ? 0 : record / blockRecords;
    }
}
