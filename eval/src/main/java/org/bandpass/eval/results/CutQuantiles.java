package org.bandpass.eval.results;

import com.tdunning.math.stats.MergingDigest;
import com.tdunning.math.stats.TDigest;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.Plan;
import org.jspecify.annotations.Nullable;

/** The distribution of the whole population in a plan's cuts; docs/results.md explains the components. */
public record CutQuantiles(int version, long count, double rankErrorBound, SortedMap<Double, Double> quantiles) {

    /** Cuts of the paper's rates: low, medium and high at 25, 50 and 75 %. */
    private static final List<Double> RANKS = List.of(0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875);

    /** Returns the cuts of stratum 'all' that a plan carries, or null where it carries none (a live plan). */
    static @Nullable CutQuantiles of(Plan plan) {
        for (Cuts cuts : plan.getCuts()) {
            if (cuts.getStratum().equals("all")) {
                // A duplicate, because reading moves the buffer's position.
                TDigest digest = MergingDigest.fromBytes(cuts.getDigest().duplicate());
                TreeSet<Double> ranks = new TreeSet<>(RANKS);
                plan.getBands().forEach(band -> ranks.addAll(List.of(band.getFrom(), band.getTo())));
                SortedMap<Double, Double> quantiles = new TreeMap<>();
                ranks.forEach(rank -> quantiles.put(rank, digest.quantile(rank)));
                return new CutQuantiles(cuts.getVersion(), cuts.getCount(), cuts.getRankErrorBound(), quantiles);
            }
        }
        return null;
    }
}
