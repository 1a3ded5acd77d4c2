package org.bandpass.selector.audit;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.cuts.CutsArchive;
import org.bandpass.selector.cuts.CutsTable;
import org.bandpass.selector.plan.PlanBands;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.score.ScoredPosition;

/**
 * Compares the bands of a plan with what they should contain, record by record, by scored partition and offset. What a
 * record claims about itself is checked here; which records must be there, by {@link FrozenAudit} or {@link LiveAudit}.
 */
public final class Audit {

    /** What the bands should contain. */
    interface Expectation {

        /** Returns the versions of the cuts that may rank a record. */
        Map<Integer, CutsTable> versions();

        /** Receives a record of a band whose claims are correct. */
        default void found(ScoredPosition at, int record, int band, int cutsVersion, double rank) {}

        /** Checks a record of the population that the router has passed, after all bands were read. */
        void compare(int number, AuditedPartition partition, int record);
    }

    private final Plan plan;
    private final AuditedPopulation population;
    private final List<BandAudit> audits;
    private final Expectation expected;

    private Audit(Plan plan, Map<Integer, Long> positions, KafkaCluster cluster) {
        this.plan = plan;
        population = new AuditedPopulation(plan, positions, cluster);
        audits = plan.getBands().stream()
                .map(band -> new BandAudit(plan.getName(), band.getName()))
                .toList();
        expected = plan.getCutMode() == CutMode.LIVE
                ? new LiveAudit(plan, CutsArchive.of(cluster), population, audits)
                : new FrozenAudit(plan, population, audits);
    }

    /** Reads everything and returns the findings of each band; {@code positions} as the router has committed them. */
    public static List<BandAudit> of(Plan plan, Map<Integer, Long> positions, KafkaCluster cluster) {
        Audit audit = new Audit(plan, positions, cluster);
        for (int b = 0; b < plan.getBands().size(); b++) {
            int band = b;
            cluster.read(cluster.band(plan, plan.getBands().get(b)), record -> audit.check(record, band));
        }
        audit.population.partitions().forEach((number, partition) -> {
            for (int record = 0; record < partition.seen(); record++) {
                audit.expected.compare(number, partition, record);
            }
        });
        return audit.audits;
    }

    private void check(ConsumerRecord<byte[], byte[]> record, int band) {
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
            checkRank(record.headers(), at, partition, found, band);
        }
    }

    private void checkRank(Headers headers, ScoredPosition at, AuditedPartition partition, int found, int band) {
        int version = version(headers);
        CutsTable table = expected.versions().get(version);
        if (table == null) {
            audits.get(band).misplaced(at, 1, "names version " + version + " of the cuts, which does not exist");
            return;
        }
        CutsTable.Stratum stratum = table.stratum(population.stratum(partition.stratum(found)));
        double rank = stratum.ranks().rank(partition.meanNll(found));
        if (hasClaims(headers, stratum, rank)) {
            expected.found(at, found, band, version, rank);
        } else {
            audits.get(band).misplaced(at, 1, "has another rank, stratum or plan than its cuts give");
        }
    }

    private static int version(Headers headers) {
        try {
            return HeaderNames.integer(headers, HeaderNames.CUTS_VERSION);
        } catch (IllegalArgumentException e) {
            return 0;
        }
    }

    private boolean hasClaims(Headers headers, CutsTable.Stratum stratum, double rank) {
        try {
            return HeaderNames.real(headers, HeaderNames.RANK) == rank
                    && stratum.name().equals(HeaderNames.text(headers, HeaderNames.STRATUM))
                    && plan.getName().equals(HeaderNames.text(headers, HeaderNames.PLAN));
        } catch (IllegalArgumentException e) {
            // A missing rank is a wrong rank.
            return false;
        }
    }

    /** Returns the distance of a rank to the nearer end of a band. */
    static double distance(Band band, double rank) {
        return PlanBands.cuts(band).stream()
                .mapToDouble(cut -> Math.abs(rank - cut))
                .min()
                .orElse(1);
    }
}
