package org.bandpass.selector.router;

import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
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
final class RouteDocument extends ContextualProcessor<byte[], byte[], byte[], BandRecord> {

    private final List<Band> bands;
    private final List<String> sinks;
    private final byte[] planBytes;
    private final String modelRevision;
    private final Supplier<@Nullable CutsTable> source;
    private final RouterTally tally;
    private final ScoreReader reader = new ScoreReader();
    private int partition;
    private byte[] partitionBytes = {};

    RouteDocument(Plan plan, Supplier<@Nullable CutsTable> source, RouterTally tally) {
        this.bands = plan.getBands();
        this.sinks = bands.stream().map(RouterTopology::sink).toList();
        this.planBytes = HeaderNames.bytes(plan.getName());
        this.modelRevision = plan.getModelRevision();
        this.source = source;
        this.tally = tally;
    }

    @Override
    public void init(ProcessorContext<byte[], BandRecord> context) {
        super.init(context);
        partition = context.taskId().partition();
        partitionBytes = HeaderNames.bytes(partition);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        reader.read(record.value());
        if (!reader.modelRevision().equals(modelRevision)) {
            // Another model's scores are another population.
            tally.otherModel();
            return;
        }
        CutsTable cuts = source.get();
        if (cuts == null) {
            throw new IllegalStateException("a live plan was started before there were cuts");
        }
        CutsTable.Stratum stratum = cuts.stratumOf(reader);
        double rank = stratum.ranks().rank(reader.meanNll());
        tally.ranked();
        Record<byte[], BandRecord> routed = null;
        for (int i = 0; i < bands.size(); i++) {
            if (PlanBands.contains(bands.get(i), rank)) {
                routed = routed == null ? routed(record, cuts, stratum, rank) : routed;
                context().forward(routed, sinks.get(i));
                tally.routed(i, reader.tokens(), reader.bytes());
            }
        }
    }

    private Record<byte[], BandRecord> routed(
            Record<byte[], byte[]> record, CutsTable cuts, CutsTable.Stratum stratum, double rank) {
        long offset = context().recordMetadata().orElseThrow().offset();
        Headers headers = record.headers();
        headers.add(HeaderNames.RANK, HeaderNames.bytes(rank));
        headers.add(HeaderNames.CUTS_VERSION, cuts.versionBytes());
        headers.add(HeaderNames.PLAN, planBytes);
        headers.add(HeaderNames.STRATUM, stratum.nameBytes());
        headers.add(HeaderNames.SCORED_PARTITION, partitionBytes);
        headers.add(HeaderNames.SCORED_OFFSET, HeaderNames.bytes(offset));
        return new Record<>(record.key(), new BandRecord(partition, record.value()), record.timestamp(), headers);
    }
}
