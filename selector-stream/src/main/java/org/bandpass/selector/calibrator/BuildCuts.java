package org.bandpass.selector.calibrator;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.ScoreDigest;
import org.bandpass.selector.cuts.CutsArchive;
import org.bandpass.selector.cuts.Origins;
import org.bandpass.selector.digest.RankTable;
import org.bandpass.selector.score.Stratification;
import org.jspecify.annotations.Nullable;

/**
 * Second stage of the calibrator, one task: keeps the latest partial digests and builds each version of the cuts anew from
 * all of them, in partition order, never from cuts built before. All strata of a version leave in one transaction, 'all'
 * last, so that a reader who has seen 'all' has seen the version.
 */
final class BuildCuts implements Processor<String, ScoreDigest, String, Cuts> {

    private final CalibrationRules calibration;
    private final CalibratorMeters meters;
    /** By model revision, the latest version that this or an earlier calibrator published. */
    private final Map<String, CalibrationRules.Published> latest = new HashMap<>();
    /** By model revision, the count at which the cuts were last compared with the published ones. */
    private final Map<String, Long> compared = new HashMap<>();

    private final Set<String> warned = new HashSet<>();
    private @Nullable ProcessorContext<String, Cuts> context;
    private @Nullable LatestPartials partials;
    private @Nullable KeyValueStore<String, Cuts> published;
    private long arrivals;
    private long arrivalsAtLastTick;

    BuildCuts(CalibrationRules calibration, CalibratorMeters meters) {
        this.calibration = calibration;
        this.meters = meters;
    }

    @Override
    public void init(ProcessorContext<String, Cuts> taskContext) {
        context = taskContext;
        partials = new LatestPartials(
                taskContext.getStateStore(CalibratorTopology.LATEST_PARTIALS), calibration.partitions());
        published = taskContext.getStateStore(CalibratorTopology.PUBLISHED_CUTS);
        calibration.published().forEach(latest::putIfAbsent);
        compared.clear();
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
            // Coverage of one model's partial holds for others too, and for partitions without any score.
            initialised(partials).modelRevisions().forEach(this::publishWhenComplete);
        } else if (!digest.getModelRevision().equals(LatestPartials.NO_MODEL)) {
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
                || count - last.getCount() >= Math.max(1, calibration.pace().growth() * remembered(last.getCount()))) {
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

    /** Once no partial has come for a while, the cuts catch up with what came before, where that makes a difference. */
    private void settle() {
        boolean idle = arrivals == arrivalsAtLastTick;
        arrivalsAtLastTick = arrivals;
        if (idle) {
            initialised(partials).modelRevisions().forEach(this::publishWhenMoved);
        }
    }

    private void publishWhenMoved(String modelRevision) {
        Cuts last = last(modelRevision);
        long count = initialised(partials).count(modelRevision, Stratification.ALL_SCORES);
        if (last != null && count == last.getCount()) {
            return;
        }
        if (last == null || isDue(modelRevision) || hasMoved(modelRevision, count, last)) {
            publish(modelRevision, last);
        }
    }

    private boolean isDue(String modelRevision) {
        CalibrationRules.Published version = latest.get(modelRevision);
        return version == null
                || initialised(context).currentSystemTimeMs() - version.at()
                        >= calibration.pace().refresh().toMillis();
    }

    private boolean hasMoved(String modelRevision, long count, Cuts last) {
        Long before = compared.put(modelRevision, count);
        if (before != null && before == count) {
            return false;
        }
        RankTable now = RankTable.of(initialised(partials).merged(modelRevision, Stratification.ALL_SCORES));
        return now.distance(RankTable.of(last.getDigest())) > now.rankErrorBound();
    }

    private void publish(String modelRevision, @Nullable Cuts last) {
        CalibrationRules.Published known = latest.get(modelRevision);
        int version = Math.max(last == null ? 0 : last.getVersion(), known == null ? 0 : known.version()) + 1;
        List<String> strata = initialised(partials)
                .strata(
                        modelRevision,
                        calibration.minimumCount(),
                        calibration.rules().mostStrata());
        strata.forEach(stratum -> forward(cuts(modelRevision, stratum, version, null)));
        Cuts all = cuts(modelRevision, Stratification.ALL_SCORES, version, last);
        forward(all);
        initialised(published).put(modelRevision, all);
        latest.put(
                modelRevision,
                new CalibrationRules.Published(version, initialised(context).currentSystemTimeMs()));
        meters.published(all, strata.size() + 1);
        warn(all);
    }

    private void warn(Cuts all) {
        String warning = Origins.of(all).warning(all.getModelRevision());
        if (warning != null && warned.add(warning)) {
            System.err.println(warning);
        }
    }

    private Cuts cuts(String modelRevision, String stratum, int version, @Nullable Cuts before) {
        LatestPartials parts = initialised(partials);
        byte[] digest = parts.merged(modelRevision, stratum);
        RankTable ranks = RankTable.of(digest);
        return Cuts.newBuilder()
                .setScoredTopic(calibration.scoredTopic())
                .setModelRevision(modelRevision)
                .setStratum(stratum)
                .setVersion(version)
                .setCount(parts.count(modelRevision, stratum))
                .setCovered(parts.covered(modelRevision))
                .setCoveredTo(parts.coveredTo(modelRevision))
                .setOrigins(parts.origins(modelRevision))
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
