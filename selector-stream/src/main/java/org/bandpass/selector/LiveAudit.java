package org.bandpass.selector;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.Plan;

/**
 * Checks the bands of a live plan: each record against the rank and version of the cuts that it carries. A record that is
 * in no band is lost when every version that its neighbours in the partition were ranked by puts it into one.
 */
final class LiveAudit {

    private final SelectorSettings settings;
    private final Consumer<byte[], byte[]> reader;
    private final Plan plan;
    private final Stratification stratification;
    private final List<BandAudit> audits;
    private final NavigableMap<Integer, CutsTable> versions = new TreeMap<>();
    private final NavigableSet<Integer> existing = new TreeSet<>();
    /** By partition and record number, the version that ranked it. */
    private final Map<Integer, NavigableMap<Integer, Integer>> ranked = new TreeMap<>();

    LiveAudit(SelectorSettings settings, Consumer<byte[], byte[]> reader, Plan plan, List<BandAudit> audits) {
        this.settings = settings;
        this.reader = reader;
        this.plan = plan;
        this.stratification = Stratification.named(plan.getStratification());
        this.audits = audits;
    }

    void run(AuditedPopulation population) {
        loadVersions();
        double bound = versions.values().stream()
                .mapToDouble(CutsTable::rankErrorBound)
                .max()
                .orElse(0);
        audits.forEach(audit -> audit.population(population.seen(), 0, bound));
        for (int b = 0; b < audits.size(); b++) {
            int band = b;
            Audit.visit(settings.topics(), reader, plan, b, record -> check(record, band, population));
        }
        population.partitions().forEach((number, partition) -> {
            for (int i = 0; i < population.seen(number); i++) {
                checkLost(number, partition, i, population);
            }
        });
    }

    private void loadVersions() {
        new CutsArchive(reader, settings.topics())
                .history(plan.getScoredTopic(), plan.getModelRevision(), stratification)
                .forEach(version -> {
                    int number = version.id().version();
                    existing.add(number);
                    if (version.all().getCount() >= plan.getWarmUp()) {
                        versions.put(
                                number,
                                new CutsTable(stratification, version.strata().values()));
                    }
                });
    }

    private void check(ConsumerRecord<byte[], byte[]> record, int band, AuditedPopulation population) {
        BandAudit audit = audits.get(band);
        ScoredPosition at = ScoredPosition.of(record.headers());
        AuditedPartition partition = population.partitions().get(at.partition());
        int found = partition == null ? -1 : partition.find(at.offset());
        if (partition == null
                || found < 0
                || record.partition() != at.partition()
                || partition.checksum(found) != AuditedPopulation.checksum(record.value())) {
            audit.misplaced(at.toString(), 1, "is not the scored record it claims to be");
            return;
        }
        if (!partition.hold(found, band)) {
            audit.doubled(at.toString());
            return;
        }
        int version = HeaderNames.integer(record.headers(), HeaderNames.CUTS_VERSION);
        ranked.computeIfAbsent(at.partition(), p -> new TreeMap<>()).put(found, version);
        CutsTable table = versions.get(version);
        if (table == null) {
            audit.misplaced(at.toString(), 1, "was ranked by version " + version + " of the cuts, which is not there");
            return;
        }
        CutsTable.Stratum stratum = table.stratum(population.stratum(partition.stratum(found)));
        double rank = stratum.ranks().rank(partition.meanNll(found));
        Band of = plan.getBands().get(band);
        if (!carries(record.headers(), stratum, rank)) {
            audit.misplaced(at.toString(), 1, "carries another rank, stratum or plan than its cuts give");
        } else if (!PlanBands.contains(of, rank)) {
            audit.misplaced(at.toString(), Audit.distance(of, rank), "has rank " + rank + " by its own cuts");
        }
    }

    private boolean carries(Headers headers, CutsTable.Stratum stratum, double rank) {
        return HeaderNames.real(headers, HeaderNames.RANK) == rank
                && stratum.name().equals(HeaderNames.text(headers, HeaderNames.STRATUM))
                && plan.getName().equals(HeaderNames.text(headers, HeaderNames.PLAN));
    }

    private void checkLost(int number, AuditedPartition partition, int record, AuditedPopulation population) {
        NavigableMap<Integer, Integer> around = ranked.getOrDefault(number, new TreeMap<>());
        Map.Entry<Integer, Integer> before = around.floorEntry(record);
        Map.Entry<Integer, Integer> after = around.ceilingEntry(record);
        int first = before == null ? 1 : before.getValue();
        int last = after == null ? existing.isEmpty() ? 0 : existing.last() : after.getValue();
        int lower = Math.min(first, last);
        int upper = Math.max(first, last);
        // A version that was pruned may have ranked the record; then nothing can be said.
        boolean known = existing.subSet(lower, true, upper, true).size() == upper - lower + 1;
        Map<Integer, CutsTable> candidates = versions.subMap(lower, true, upper, true);
        String stratum = population.stratum(partition.stratum(record));
        for (int b = 0; b < audits.size(); b++) {
            Band band = plan.getBands().get(b);
            boolean certain = known
                    && !candidates.isEmpty()
                    && candidates.values().stream()
                            .allMatch(table -> PlanBands.contains(
                                    band, table.stratum(stratum).ranks().rank(partition.meanNll(record))));
            if (certain && !partition.holds(record, b)) {
                audits.get(b).lost(new ScoredPosition(number, partition.offset(record)).toString());
            }
        }
    }
}
