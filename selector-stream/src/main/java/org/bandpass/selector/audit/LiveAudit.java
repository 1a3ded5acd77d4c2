package org.bandpass.selector.audit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.cuts.CutsArchive;
import org.bandpass.selector.cuts.CutsTable;
import org.bandpass.selector.plan.PlanBands;
import org.bandpass.selector.score.ScoredPosition;

/**
 * Checks the bands of a live plan: each record against the rank and version of the cuts in its headers. A record that
 * is missing from a band is lost if all versions that may have ranked it, by its neighbours in the partition, put it
 * there.
 */
final class LiveAudit implements Audit.Expectation {

    private final Plan plan;
    private final AuditedPopulation population;
    private final List<BandAudit> audits;
    /** Versions since the warm-up; only these may rank a record. */
    private final NavigableMap<Integer, CutsTable> versions = new TreeMap<>();

    private final NavigableSet<Integer> existing = new TreeSet<>();
    /** The version that ranked a record, by partition and record number. */
    private final Map<Integer, NavigableMap<Integer, Integer>> ranked = new HashMap<>();

    LiveAudit(Plan plan, CutsArchive archive, AuditedPopulation population, List<BandAudit> audits) {
        this.plan = plan;
        this.population = population;
        this.audits = audits;
        archive.history(plan).forEach(version -> {
            int number = version.id().version();
            existing.add(number);
            if (version.all().getCount() >= plan.getWarmUp()) {
                versions.put(number, new CutsTable(plan, version.strata().values()));
            }
        });
        double bound = versions.values().stream()
                .mapToDouble(CutsTable::rankErrorBound)
                .max()
                .orElse(0);
        audits.forEach(audit -> audit.population(population.seen(), 0, bound));
    }

    @Override
    public NavigableMap<Integer, CutsTable> versions() {
        return versions;
    }

    @Override
    public void found(ScoredPosition at, int record, int band, int cutsVersion, double rank) {
        ranked.computeIfAbsent(at.partition(), p -> new TreeMap<>()).put(record, cutsVersion);
        Band of = plan.getBands().get(band);
        if (!PlanBands.contains(of, rank)) {
            audits.get(band).misplaced(at, Audit.distance(of, rank), "has rank " + rank + " by its own cuts");
        }
    }

    @Override
    public void compare(int number, AuditedPartition partition, int record) {
        NavigableMap<Integer, Integer> around = ranked.getOrDefault(number, new TreeMap<>());
        Map.Entry<Integer, Integer> before = around.floorEntry(record);
        Map.Entry<Integer, Integer> after = around.ceilingEntry(record);
        int first = before == null ? 1 : before.getValue();
        int last = after == null ? existing.isEmpty() ? 0 : existing.last() : after.getValue();
        int lower = Math.min(first, last);
        int upper = Math.max(first, last);
        // If a version was pruned, it may have ranked the record.
        boolean known = existing.subSet(lower, true, upper, true).size() == upper - lower + 1;
        Map<Integer, CutsTable> candidates = versions.subMap(lower, true, upper, true);
        if (!known || candidates.isEmpty()) {
            return;
        }
        String stratum = population.stratum(partition.stratum(record));
        for (int b = 0; b < audits.size(); b++) {
            Band band = plan.getBands().get(b);
            boolean certain = candidates.values().stream()
                    .allMatch(table -> PlanBands.contains(
                            band, table.stratum(stratum).ranks().rank(partition.meanNll(record))));
            if (certain && !partition.holds(record, b)) {
                audits.get(b).lost(new ScoredPosition(number, partition.offset(record)));
            }
        }
    }
}
