package org.bandpass.selector;

import java.nio.ByteBuffer;
import java.util.Arrays;
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
    private @Nullable KeyValueStore<String, byte[]> published;
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
        initialised(partials).put(record.key(), digest, record.headers());
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
        long[] coveredTo = initialised(partials).coveredTo(modelRevision);
        for (int p = 0; p < coveredTo.length; p++) {
            long target = calibration.target(p);
            if (target > 0 && coveredTo[p] < target) {
                return;
            }
        }
        publishWhenNew(modelRevision);
    }

    private void publishWhenGrown(String modelRevision) {
        PublishedCuts last = last(modelRevision);
        long count = initialised(partials).count(modelRevision, Stratification.ALL_SCORES);
        if (last == null || count - last.count() >= Math.max(1, calibration.growth() * remembered(last.count()))) {
            publish(modelRevision, last);
        }
    }

    /** Under a half-life old scores hardly count, so cuts age by what is remembered, not by all there ever was. */
    private long remembered(long count) {
        long halfLife = calibration.rules().blockRecords() * calibration.partitions();
        return halfLife == 0 ? count : Math.min(count, 2 * halfLife);
    }

    private void publishWhenNew(String modelRevision) {
        PublishedCuts last = last(modelRevision);
        boolean known = last != null
                && last.count() == initialised(partials).count(modelRevision, Stratification.ALL_SCORES)
                && Arrays.equals(last.coveredTo(), initialised(partials).coveredTo(modelRevision));
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

    private void publish(String modelRevision, @Nullable PublishedCuts last) {
        LatestPartials latest = initialised(partials);
        int version = Math.max(
                        last == null ? 0 : last.version(),
                        calibration.lastVersions().getOrDefault(modelRevision, 0))
                + 1;
        long[] coveredTo = latest.coveredTo(modelRevision);
        List<String> strata = latest.strata(
                modelRevision, calibration.minimumCount(), calibration.rules().mostStrata());
        for (String stratum : strata) {
            byte[] digest = ScoreSketch.merge(latest.digests(modelRevision, stratum));
            forward(cuts(modelRevision, stratum, version, digest, null), coveredTo);
        }
        byte[] whole = ScoreSketch.merge(latest.digests(modelRevision, Stratification.ALL_SCORES));
        Double drift = last == null ? null : Double.valueOf(RankTable.of(whole).distance(RankTable.of(last.digest())));
        Cuts all = cuts(modelRevision, Stratification.ALL_SCORES, version, whole, drift);
        forward(all, coveredTo);
        initialised(published).put(modelRevision, new PublishedCuts(version, all.getCount(), coveredTo, whole).write());
        meters.published(all, strata.size() + 1);
    }

    private Cuts cuts(String modelRevision, String stratum, int version, byte[] digest, @Nullable Double drift) {
        LatestPartials latest = initialised(partials);
        return Cuts.newBuilder()
                .setScoredTopic(calibration.scoredTopic())
                .setModelRevision(modelRevision)
                .setStratum(stratum)
                .setVersion(version)
                .setCount(latest.count(modelRevision, stratum))
                .setCovered(latest.covered(modelRevision))
                .setDigest(ByteBuffer.wrap(digest))
                .setRankErrorBound(RankTable.of(digest).rankErrorBound())
                .setDrift(drift)
                .build();
    }

    private void forward(Cuts cuts, long[] coveredTo) {
        Record<String, Cuts> record =
                new Record<>(CutsArchive.key(cuts), cuts, initialised(context).currentSystemTimeMs());
        record.headers().add(CoverageHeaders.COVERED_TO, CoverageHeaders.bytes(coveredTo));
        initialised(context).forward(record);
    }

    private @Nullable PublishedCuts last(String modelRevision) {
        byte[] bytes = initialised(published).get(modelRevision);
        return bytes == null ? null : PublishedCuts.read(bytes);
    }

    private static <T> T initialised(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("the processor was not initialised");
        }
        return value;
    }

    /** What the last version of a model's cuts was: enough to number, to decide about and to compare the next. */
    private record PublishedCuts(int version, long count, long[] coveredTo, byte[] digest) {

        byte[] write() {
            return ByteBuffer.allocate(2 * Integer.BYTES + Long.BYTES + Long.BYTES * coveredTo.length + digest.length)
                    .putInt(version)
                    .putLong(count)
                    .putInt(coveredTo.length)
                    .put(CoverageHeaders.bytes(coveredTo))
                    .put(digest)
                    .array();
        }

        static PublishedCuts read(byte[] bytes) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            int version = buffer.getInt();
            long count = buffer.getLong();
            long[] coveredTo = new long[buffer.getInt()];
            for (int p = 0; p < coveredTo.length; p++) {
                coveredTo[p] = buffer.getLong();
            }
            byte[] digest = new byte[buffer.remaining()];
            buffer.get(digest);
            return new PublishedCuts(version, count, coveredTo, digest);
        }
    }
}
