package org.bandpass.selector.audit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.cuts.CutsTable;
import org.bandpass.selector.digest.ExactRanks;
import org.bandpass.selector.plan.PlanBands;
import org.bandpass.selector.score.ScoredPosition;

/**
 * Compares the bands of a frozen plan with an exact sort of the scores that its cuts cover. A record that is missing
 * from a band is lost if the plan's cuts put it there and it is in no wrong band; otherwise it is misplaced. Cuts with
 * a half-life rank in a weighted population, which a sort cannot: then the cuts themselves are the reference.
 */
final class FrozenAudit implements Audit.Expectation {

    private final List<Band> bands;
    private final AuditedPopulation population;
    private final List<BandAudit> audits;
    private final CutsTable table;

    private final Map<String, ExactRanks> exact = new HashMap<>();

    FrozenAudit(Plan plan, AuditedPopulation population, List<BandAudit> audits) {
        this.bands = plan.getBands();
        this.population = population;
        this.audits = audits;
        this.table = new CutsTable(plan, plan.getCuts());
        for (int b = 0; b < bands.size(); b++) {
            long ties = table.isWeighted() ? 0 : ties(bands.get(b));
            audits.get(b).population(population.seen(), ties, table.rankErrorBound());
        }
    }

    @Override
    public Map<Integer, CutsTable> versions() {
        return Map.of(table.version(), table);
    }

    @Override
    public void compare(int number, AuditedPartition partition, int record) {
        ScoredPosition at = new ScoredPosition(number, partition.offset(record));
        String stratum = population.stratum(partition.stratum(record));
        double nll = partition.meanNll(record);
        double byCuts = table.stratum(stratum).ranks().rank(nll);
        double rank = table.isWeighted() ? byCuts : exact(stratum).rank(nll);
        boolean elsewhere = false;
        for (int b = 0; b < bands.size(); b++) {
            elsewhere |= partition.holds(record, b) && !PlanBands.contains(bands.get(b), byCuts);
        }
        for (int b = 0; b < bands.size(); b++) {
            Band band = bands.get(b);
            boolean is = partition.holds(record, b);
            if (!is && !elsewhere && PlanBands.contains(band, byCuts)) {
                audits.get(b).lost(at);
            } else if (is != PlanBands.contains(band, rank)) {
                String why = is ? "is in the band and" : "is not in the band, and";
                audits.get(b).misplaced(at, Audit.distance(band, rank), why + " its exact rank is " + rank);
            }
        }
    }

    /** Sorts on first use; strata without cuts are ranked among all. */
    private ExactRanks exact(String stratum) {
        return exact.computeIfAbsent(table.stratum(stratum).name(), population::exact);
    }

    private long ties(Band band) {
        long ties = 0;
        for (String stratum : table.strata()) {
            for (double cut : PlanBands.cuts(band)) {
                ties += exact(stratum).tiesAt(cut);
            }
        }
        return ties;
    }
}
