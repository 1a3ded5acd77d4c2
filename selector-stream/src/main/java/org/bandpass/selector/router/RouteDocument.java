package org.bandpass.selector.router;

import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.cuts.CutsTable;
import org.bandpass.selector.plan.PlanBands;
import org.bandpass.selector.score.ScoreReader;
import org.jspecify.annotations.Nullable;

/**
 * Ranks a scored document by the plan's cuts and sends it to every band that contains the rank. The headers
 * justify the band: rank, version of the cuts, stratum, plan, and where the scored record is.
 */
final class RouteDocument extends ContextualProcessor<byte[], byte[], byte[], RouteDocument.BandRecord> {

    /** Goes to the partition of the scored record, which is not always the hash of the key; the bytes do not change. */
    record BandRecord(int partition, byte[] value) {}

    private final List<Band> bands;
    private final List<String> sinks;
    private final Plan plan;
    private final Supplier<@Nullable CutsTable> cuts;
    private final RouterTally tally;
    private final ScoreReader reader = new ScoreReader();

    RouteDocument(Plan plan, Supplier<@Nullable CutsTable> cuts, RouterTally tally) {
        this.bands = plan.getBands();
        this.sinks = bands.stream().map(RouterTopology::sink).toList();
        this.plan = plan;
        this.cuts = cuts;
        this.tally = tally;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        reader.read(record.value());
        if (!reader.modelRevision().equals(plan.getModelRevision())) {
            // Another model's scores are another population.
            tally.otherModel();
            return;
        }
        CutsTable table = cuts.get();
        if (table == null) {
            throw new IllegalStateException("a live plan was started before there were cuts");
        }
        CutsTable.Stratum stratum = table.stratumOf(reader);
        double rank = stratum.ranks().rank(reader.meanNll());
        tally.ranked();
        Record<byte[], BandRecord> routed = null;
        for (int i = 0; i < bands.size(); i++) {
            if (PlanBands.contains(bands.get(i), rank)) {
                routed = routed == null ? routed(record, table, stratum, rank) : routed;
                context().forward(routed, sinks.get(i));
                tally.routed(i, reader.tokens(), reader.bytes());
            }
        }
    }

    private Record<byte[], BandRecord> routed(
            Record<byte[], byte[]> record, CutsTable table, CutsTable.Stratum stratum, double rank) {
        int partition = context().taskId().partition();
        long offset = context().recordMetadata().orElseThrow().offset();
        Headers headers = record.headers();
        headers.add(HeaderNames.RANK, HeaderNames.bytes(rank));
        headers.add(HeaderNames.CUTS_VERSION, HeaderNames.bytes(table.version()));
        headers.add(HeaderNames.PLAN, HeaderNames.bytes(plan.getName()));
        headers.add(HeaderNames.STRATUM, HeaderNames.bytes(stratum.name()));
        headers.add(HeaderNames.SCORED_PARTITION, HeaderNames.bytes(partition));
        headers.add(HeaderNames.SCORED_OFFSET, HeaderNames.bytes(offset));
        return new Record<>(record.key(), new BandRecord(partition, record.value()), record.timestamp(), headers);
    }
}
