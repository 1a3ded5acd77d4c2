package org.bandpass.selector.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.cuts.CutsArchive;
import org.bandpass.selector.cuts.CutsTable;
import org.bandpass.selector.plan.PlanBands;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.score.ScoredPosition;
import org.bandpass.selector.score.Stratification;

/**
 * Compares the bands of a plan with what they must hold, record by record, by scored partition and offset. What a record
 * claims about itself is checked here; what must be there, by {@link FrozenAudit} or {@link LiveAudit}.
 */
public final class Audit {

    /** What must be in the bands. */
    interface Expectation {

        /** Returns the versions of the cuts that may rank a record. */
        NavigableMap<Integer, CutsTable> versions();

        /** Receives a record of a band that is what it claims to be. */
        void held(ScoredPosition at, int record, int band, int cutsVersion, double rank);

        /** Looks at a record of the population that the plan has seen, once all bands were read. */
        void compare(int number, AuditedPartition partition, int record);
    }

    private final KafkaCluster cluster;
    private final Plan plan;
    private final List<BandAudit> audits = new ArrayList<>();

    /** Makes the audit of a plan. */
    public Audit(KafkaCluster cluster, Plan plan) {
        this.cluster = cluster;
        this.plan = plan;
        plan.getBands().forEach(band -> audits.add(new BandAudit(plan.getName(), band.getName())));
    }

    /** Reads everything and returns what was found, a band each; {@code positions} as the router has committed them. */
    public List<BandAudit> run(Map<Integer, Long> positions) {
        List<Long> coverage = plan.getCuts().stream()
                .filter(cuts -> Stratification.isAll(cuts.getStratum()))
                .findFirst()
                .map(Cuts::getCovered)
                .orElse(List.of());
        AuditedPopulation population = new AuditedPopulation(plan, positions);
        population.read(cluster, coverage);
        Expectation expected = plan.getCutMode() == CutMode.LIVE
                ? new LiveAudit(plan, CutsArchive.of(cluster), population, audits)
                : new FrozenAudit(plan, population, audits);
        List<Band> bands = plan.getBands();
        for (int b = 0; b < bands.size(); b++) {
            int band = b;
            cluster.read(cluster.band(plan, bands.get(b)), record -> hold(record, band, population, expected));
        }
        population.partitions().forEach((number, partition) -> {
            for (int record = 0; record < partition.seen(); record++) {
                expected.compare(number, partition, record);
            }
        });
        return audits;
    }

    /** Marks what a band holds and reports what it cannot. */
    private void hold(
            ConsumerRecord<byte[], byte[]> record, int band, AuditedPopulation population, Expectation expected) {
        BandAudit audit = audits.get(band);
        ScoredPosition at = ScoredPosition.of(record.headers());
        AuditedPartition partition = population.partition(at.partition());
        int found = partition.find(at.offset());
        if (found < 0
                || record.partition() != at.partition()
                || record.value() == null
                || partition.checksum(found) != AuditedPopulation.checksum(record.value())) {
            audit.misplaced(at, 1, "is not the scored record it claims to be");
        } else if (!partition.hold(found, band)) {
            audit.doubled(at);
        } else {
            int version = version(record.headers());
            CutsTable table = expected.versions().get(version);
            if (table == null) {
                audit.misplaced(at, 1, "names version " + version + " of the cuts, which is not there");
                return;
            }
            CutsTable.Stratum stratum = table.stratum(population.stratum(partition.stratum(found)));
            double rank = stratum.ranks().rank(partition.meanNll(found));
            if (carries(record.headers(), stratum, rank)) {
                expected.held(at, found, band, version, rank);
            } else {
                audit.misplaced(at, 1, "carries another rank, stratum or plan than its cuts give");
            }
        }
    }

    private static int version(Headers headers) {
        try {
            return HeaderNames.integer(headers, HeaderNames.CUTS_VERSION);
        } catch (IllegalArgumentException e) {
            return 0;
        }
    }

    private boolean carries(Headers headers, CutsTable.Stratum stratum, double rank) {
        try {
            return HeaderNames.real(headers, HeaderNames.RANK) == rank
                    && stratum.name().equals(HeaderNames.text(headers, HeaderNames.STRATUM))
                    && plan.getName().equals(HeaderNames.text(headers, HeaderNames.PLAN));
        } catch (IllegalArgumentException e) {
            // A missing rank is a wrong rank.
            return false;
        }
    }

    /** Returns how far a rank is from the nearer end of a band, in rank. */
    static double distance(Band band, double rank) {
        return PlanBands.cuts(band).stream()
                .mapToDouble(cut -> Math.abs(rank - cut))
                .min()
                .orElse(1);
    }
}
