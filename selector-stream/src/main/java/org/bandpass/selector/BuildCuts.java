package org.bandpass.selector;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.ScoreDigest;
import org.jspecify.annotations.Nullable;

/**
 * Second stage of the calibrator, one task: keeps the latest partial digests and builds each version of the cuts anew from
 * all of them, in partition order, never from cuts built before. All strata of a version leave in one transaction, 'all'
 * last, so that a reader who has seen 'all' has seen the version.
 */
final class BuildCuts implements Processor<String, ScoreDigest, String, Cuts> {

    private final Calibration calibration;
    private final CalibratorMeters meters;
    private @Nullable ProcessorContext<String, Cuts> context;
    private @Nullable LatestPartials partials;
    private @Nullable KeyValueStore<String, Cuts> published;
    private long arrivals;
    private long arrivalsAtLastTick;

    BuildCuts(Calibration calibration, CalibratorMeters meters) {
        this.calibration = calibration;
        this.meters = meters;
    }

    @Override
    public void init(ProcessorContext<String, Cuts> taskContext) {
        context = taskContext;
        partials = new LatestPartials(
                taskContext.getStateStore(CalibratorTopology.LATEST_PARTIALS), calibration.partitions());
        published = taskContext.getStateStore(CalibratorTopology.PUBLISHED_CUTS);
        arrivals = 0;
        arrivalsAtLastTick = -1;
        if (!calibration.isJob()) {
            taskContext.schedule(calibration.tick(), PunctuationType.WALL_CLOCK_TIME, now -> settle());
        }
    }

    @Override
    public void process(Record<String, ScoreDigest> record) {
        ScoreDigest digest = record.value();
        if (!digest.getScoredTopic().equals(calibration.scoredTopic())) {
            return;
        }
        initialised(partials).put(record.key(), digest);
        arrivals++;
        if (!digest.getStratum().equals(Stratification.ALL_SCORES)) {
            return;
        }
        if (calibration.isJob()) {
            initialised(partials).modelRevisions().forEach(this::publishWhenComplete);
        } else {
            publishWhenGrown(digest.getModelRevision());
        }
    }

    private void publishWhenComplete(String modelRevision) {
        List<Long> coveredTo = initialised(partials).coveredTo(modelRevision);
        for (int p = 0; p < coveredTo.size(); p++) {
            long target = calibration.target(p);
            if (target > 0 && coveredTo.get(p) < target) {
                return;
            }
        }
        publishWhenNew(modelRevision);
    }

    private void publishWhenGrown(String modelRevision) {
        Cuts last = last(modelRevision);
        long count = initialised(partials).count(modelRevision, Stratification.ALL_SCORES);
        if (last == null
                || count - last.getCount() >= Math.max(1, calibration.growth() * remembered(last.getCount()))) {
            publish(modelRevision, last);
        }
    }

    /** Under a half-life old scores hardly count, so cuts age by what is remembered, not by all there ever was. */
    private long remembered(long count) {
        long halfLife = calibration.rules().blockRecords() * calibration.partitions();
        return halfLife == 0 ? count : Math.min(count, 2 * halfLife);
    }

    private void publishWhenNew(String modelRevision) {
        Cuts last = last(modelRevision);
        boolean known = last != null
                && last.getCount() == initialised(partials).count(modelRevision, Stratification.ALL_SCORES)
                && last.getCoveredTo().equals(initialised(partials).coveredTo(modelRevision));
        if (!known) {
            publish(modelRevision, last);
        }
    }

    /** Once no partial has come for a while, the cuts catch up with what came before. */
    private void settle() {
        boolean resting = arrivals == arrivalsAtLastTick;
        arrivalsAtLastTick = arrivals;
        if (resting) {
            initialised(partials).modelRevisions().forEach(this::publishWhenNew);
        }
    }

    private void publish(String modelRevision, @Nullable Cuts last) {
        LatestPartials latest = initialised(partials);
        int version = Math.max(
                        last == null ? 0 : last.getVersion(),
                        calibration.lastVersions().getOrDefault(modelRevision, 0))
                + 1;
        List<String> strata = latest.strata(
                modelRevision, calibration.minimumCount(), calibration.rules().mostStrata());
        strata.forEach(stratum -> forward(cuts(modelRevision, stratum, version, null)));
        Cuts all = cuts(modelRevision, Stratification.ALL_SCORES, version, last);
        forward(all);
        initialised(published).put(modelRevision, all);
        meters.published(all, strata.size() + 1);
    }

    private Cuts cuts(String modelRevision, String stratum, int version, @Nullable Cuts before) {
        LatestPartials latest = initialised(partials);
        byte[] digest = latest.merged(modelRevision, stratum);
        RankTable ranks = RankTable.of(digest);
        return Cuts.newBuilder()
                .setScoredTopic(calibration.scoredTopic())
                .setModelRevision(modelRevision)
                .setStratum(stratum)
                .setVersion(version)
                .setCount(latest.count(modelRevision, stratum))
                .setCovered(latest.covered(modelRevision))
                .setCoveredTo(latest.coveredTo(modelRevision))
                .setDigest(ByteBuffer.wrap(digest))
                .setRankErrorBound(ranks.rankErrorBound())
                .setDrift(before == null ? null : Double.valueOf(ranks.distance(RankTable.of(before.getDigest()))))
                .build();
    }

    private void forward(Cuts cuts) {
        initialised(context)
                .forward(new Record<>(
                        CutsArchive.key(cuts), cuts, initialised(context).currentSystemTimeMs()));
    }

    private @Nullable Cuts last(String modelRevision) {
        return initialised(published).get(modelRevision);
    }

    private static <T> T initialised(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("the processor was not initialised");
        }
        return value;
    }
}
