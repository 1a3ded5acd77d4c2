package org.bandpass.selector.cuts;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.selector.digest.RankTable;
import org.bandpass.selector.score.ScoreReader;
import org.bandpass.selector.score.Stratification;

/** One version of the cuts, laid out for look-up. Immutable. */
public final class CutsTable {

    /** Ranks of one stratum; {@code nameBytes} is its name as a header's value. */
    public record Stratum(String name, byte[] nameBytes, RankTable ranks) {}

    private final int version;
    private final byte[] versionBytes;
    private final boolean isWeighted;
    private final Stratification stratification;
    private final Map<String, Stratum> strata = new HashMap<>();
    private final Stratum all;

    /**
     * Lays out cuts.
     *
     * @throws IllegalArgumentException if 'all' is not among them
     */
    public CutsTable(Stratification stratification, Collection<Cuts> cuts) {
        this.stratification = stratification;
        Cuts whole = null;
        for (Cuts each : cuts) {
            String name = each.getStratum();
            if (stratification.includes(name)) {
                strata.put(name, new Stratum(name, HeaderNames.bytes(name), RankTable.of(each.getDigest())));
            }
            whole = Stratification.isAll(name) ? each : whole;
        }
        if (whole == null) {
            throw new IllegalArgumentException("the cuts have no stratum 'all'");
        }
        all = Objects.requireNonNull(strata.get(Stratification.ALL_SCORES));
        version = whole.getVersion();
        isWeighted = all.ranks().weight() != whole.getCount();
        versionBytes = HeaderNames.bytes(version);
    }

    public int version() {
        return version;
    }

    /** Returns the version as a header's value. */
    public byte[] versionBytes() {
        return versionBytes;
    }

    /** Returns the stratum that ranks the document last read; 'all' where its own has no cuts. */
    public Stratum stratumOf(ScoreReader document) {
        return stratification == Stratification.ALL ? all : strata.getOrDefault(document.stratum(stratification), all);
    }

    /** Returns the names of the strata that have cuts. */
    public Set<String> strata() {
        return strata.keySet();
    }

    /** Returns how far a rank may be from that of sorting, in the worst stratum. */
    public double rankErrorBound() {
        return strata.values().stream()
                .mapToDouble(stratum -> stratum.ranks().rankErrorBound())
                .max()
                .orElse(0);
    }

    /** Returns whether scores weigh more than one, as they do under a half-life. */
    public boolean isWeighted() {
        return isWeighted;
    }

    /** Returns a stratum by name, 'all' where there is none. */
    public Stratum stratum(String name) {
        return strata.getOrDefault(name, all);
    }
}
