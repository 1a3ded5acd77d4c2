package org.bandpass.selector.cuts;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.digest.RankTable;
import org.bandpass.selector.score.ScoreReader;
import org.bandpass.selector.score.Stratification;

/** One version of the cuts, for fast look-up. Immutable. */
public final class CutsTable {

    public record Stratum(String name, RankTable ranks) {}

    private final int version;
    private final boolean isWeighted;
    private final Stratification stratification;
    private final Map<String, Stratum> strata = new HashMap<>();
    private final Stratum all;

    /** Takes the strata that a plan's documents need. Throws an IllegalArgumentException if there is no 'all'. */
    public CutsTable(Plan plan, Collection<Cuts> cuts) {
        stratification = Stratification.named(plan.getStratification());
        Cuts allScores = null;
        for (Cuts each : cuts) {
            String name = each.getStratum();
            if (stratification.includes(name)) {
                strata.put(name, new Stratum(name, RankTable.of(each.getDigest())));
            }
            allScores = Stratification.isAll(name) ? each : allScores;
        }
        if (allScores == null) {
            throw new IllegalArgumentException("the cuts have no stratum 'all'");
        }
        all = Objects.requireNonNull(strata.get(Stratification.ALL_SCORES));
        version = allScores.getVersion();
        isWeighted = all.ranks().weight() != allScores.getCount();
    }

    public int version() {
        return version;
    }

    /** Returns the stratum that ranks the document last read; 'all' if its own has no cuts. */
    public Stratum stratumOf(ScoreReader document) {
        return stratum(document.stratum(stratification));
    }

    public Set<String> strata() {
        return strata.keySet();
    }

    /** Returns the largest difference between a rank and its exact value, in the worst stratum. */
    public double rankErrorBound() {
        return strata.values().stream()
                .mapToDouble(stratum -> stratum.ranks().rankErrorBound())
                .max()
                .orElse(0);
    }

    /** Returns whether scores have different weights, because of a half-life. */
    public boolean isWeighted() {
        return isWeighted;
    }

    /** Returns a stratum by name, 'all' if there is none. */
    public Stratum stratum(String name) {
        return strata.getOrDefault(name, all);
    }
}
