package org.bandpass.selector;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.Topics;

/**
 * Compares the bands of a plan with what they must hold, record by record, by scored partition and offset.
 *
 * <p>A frozen plan is compared with an exact sort of the scores that its cuts cover. A record that is in no band it
 * belongs to is lost when the cuts themselves put it there, and misplaced when it lies elsewhere or the cuts differ from
 * the sort. A live plan has no one sort: each record is compared with the rank and the version of the cuts that it
 * carries. So are frozen cuts with a half-life, whose ranks are those of a weighted population.
 */
final class Audit {

    private final SelectorSettings settings;
    private final Consumer<byte[], byte[]> reader;
    private final Plan plan;
    private final List<Band> bands;
    private final List<BandAudit> audits = new ArrayList<>();

    Audit(SelectorSettings settings, Consumer<byte[], byte[]> reader, Plan plan) {
        this.settings = settings;
        this.reader = reader;
        this.plan = plan;
        this.bands = plan.getBands();
        bands.forEach(band -> audits.add(new BandAudit(plan.getName(), band.getName())));
    }

    /** Reads everything and returns what was found, a band each; {@code positions} as the router has committed them. */
    List<BandAudit> run(Map<Integer, Long> positions) {
        List<Long> coverage = plan.getCuts().stream()
                .filter(cuts -> cuts.getStratum().equals(Stratification.ALL_SCORES))
                .findFirst()
                .map(Cuts::getCovered)
                .orElse(List.of());
        AuditedPopulation population = new AuditedPopulation(plan, positions);
        population.read(reader, coverage);
        if (plan.getCutMode() == CutMode.LIVE) {
            new LiveAudit(settings, reader, plan, audits).run(population);
            return audits;
        }
        CutsTable table = new CutsTable(Stratification.named(plan.getStratification()), plan.getCuts());
        Ranks ranks = table.isWeighted() ? null : new Ranks(population, table);
        double bound = table.rankErrorBound();
        for (int b = 0; b < bands.size(); b++) {
            audits.get(b).population(population.seen(), ranks == null ? 0 : ranks.ties(bands.get(b)), bound);
        }
        for (int b = 0; b < bands.size(); b++) {
            hold(b, population, table);
        }
        compare(population, table, ranks == null ? new Ranks(population, table) : ranks, ranks == null);
        return audits;
    }

    /** Marks what a band holds and reports what it cannot. */
    private void hold(int band, AuditedPopulation population, CutsTable table) {
        BandAudit audit = audits.get(band);
        visit(settings.topics(), reader, plan, band, record -> {
            ScoredPosition at = ScoredPosition.of(record.headers());
            AuditedPartition partition = population.partitions().get(at.partition());
            int found = partition == null ? -1 : partition.find(at.offset());
            if (partition == null
                    || found < 0
                    || record.partition() != at.partition()
                    || partition.checksum(found) != AuditedPopulation.checksum(record.value())) {
                audit.misplaced(at.toString(), 1, "is not the scored record it claims to be");
            } else if (!partition.hold(found, band)) {
                audit.doubled(at.toString());
            } else if (!isJustified(record.headers(), partition, found, population, table)) {
                audit.misplaced(at.toString(), 1, "carries another rank, version or plan than its cuts give");
            }
        });
    }

    private boolean isJustified(
            Headers headers, AuditedPartition partition, int found, AuditedPopulation population, CutsTable table) {
        CutsTable.Stratum stratum = table.stratum(population.stratum(partition.stratum(found)));
        return HeaderNames.real(headers, HeaderNames.RANK) == stratum.ranks().rank(partition.meanNll(found))
                && HeaderNames.integer(headers, HeaderNames.CUTS_VERSION) == table.version()
                && stratum.name().equals(HeaderNames.text(headers, HeaderNames.STRATUM))
                && plan.getName().equals(HeaderNames.text(headers, HeaderNames.PLAN));
    }

    private void compare(AuditedPopulation population, CutsTable table, Ranks ranks, boolean weighted) {
        population.partitions().forEach((number, partition) -> {
            for (int i = 0; i < population.seen(number); i++) {
                String stratum = population.stratum(partition.stratum(i));
                double byCuts = table.stratum(stratum).ranks().rank(partition.meanNll(i));
                double exact = weighted ? byCuts : ranks.of(stratum).rank(partition.meanNll(i));
                compare(new ScoredPosition(number, partition.offset(i)), partition.held(i), byCuts, exact);
            }
        });
    }

    private void compare(ScoredPosition at, long held, double byCuts, double exact) {
        boolean elsewhere = false;
        for (int b = 0; b < bands.size(); b++) {
            elsewhere |= (held & 1L << b) != 0 && !PlanBands.contains(bands.get(b), byCuts);
        }
        for (int b = 0; b < bands.size(); b++) {
            Band band = bands.get(b);
            boolean is = (held & 1L << b) != 0;
            if (!is && !elsewhere && PlanBands.contains(band, byCuts)) {
                audits.get(b).lost(at.toString());
            } else if (is != PlanBands.contains(band, exact)) {
                audits.get(b)
                        .misplaced(
                                at.toString(),
                                distance(band, exact),
                                (is ? "is in the band and" : "is not in the band, and") + " its exact rank is "
                                        + exact);
            }
        }
    }

    /** Returns how far a rank is from the nearer end of a band, in rank. */
    static double distance(Band band, double rank) {
        return PlanBands.cuts(band).stream()
                .mapToDouble(cut -> Math.abs(rank - cut))
                .min()
                .orElse(1);
    }

    interface BandVisitor {
        void visit(ConsumerRecord<byte[], byte[]> record);
    }

    static void visit(Topics topics, Consumer<byte[], byte[]> reader, Plan plan, int band, BandVisitor visitor) {
        String topic =
                topics.band(plan.getName(), plan.getBands().get(band).getName()).name();
        OffsetSnapshot.take(reader, topic).read(reader, visitor::visit);
    }

    /** Exact ranks by stratum, sorted when first asked for; strata without cuts are ranked among all. */
    private static final class Ranks {

        private final AuditedPopulation population;
        private final CutsTable table;
        private final Map<String, ExactRanks> byStratum = new HashMap<>();

        Ranks(AuditedPopulation population, CutsTable table) {
            this.population = population;
            this.table = table;
        }

        ExactRanks of(String stratum) {
            return byStratum.computeIfAbsent(table.stratum(stratum).name(), population::exact);
        }

        long ties(Band band) {
            long ties = 0;
            for (String stratum : table.strata()) {
                for (double cut : PlanBands.cuts(band)) {
                    ties += of(stratum).tiesAt(cut);
                }
            }
            return ties;
        }
    }
}
