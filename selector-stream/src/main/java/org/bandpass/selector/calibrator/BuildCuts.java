package org.bandpass.selector.calibrator;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.ScoreDigest;
import org.bandpass.selector.calibrator.CalibratorRules.Published;
import org.bandpass.selector.cuts.CutsArchive;
import org.bandpass.selector.cuts.CutsVersion;
import org.bandpass.selector.digest.RankTable;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.selector.score.Stratification;
import org.jspecify.annotations.Nullable;

/**
 * Second stage of the calibrator, one task: keeps the latest partial digests and builds each version of the cuts from
 * all of them, in partition order, never from an earlier version. All strata of a version are written in one
 * transaction, 'all' last: a reader that has read 'all' has the whole version.
 */
final class BuildCuts extends ContextualProcessor<String, ScoreDigest, String, Cuts> {

    private final CalibratorRules rules;
    private final CalibratorMeters meters;
    /** By model revision, the latest version, also of earlier calibrators. */
    private final Map<String, Published> latest = new HashMap<>();
    /** By model revision, the count at which the cuts were last compared with the published ones. */
    private final Map<String, Long> compared = new HashMap<>();

    private final Set<String> warned = new HashSet<>();

    @SuppressWarnings("NullAway.Init")
    private LatestPartials partials;

    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<String, Cuts> published;

    private long arrivals;
    private long arrivalsAtLastTick;

    BuildCuts(CalibratorRules rules, CalibratorMeters meters) {
        this.rules = rules;
        this.meters = meters;
    }

    @Override
    public void init(ProcessorContext<String, Cuts> context) {
        super.init(context);
        partials = new LatestPartials(context.getStateStore(CalibratorTopology.LATEST_PARTIALS), rules.partitions());
        published = context.getStateStore(CalibratorTopology.PUBLISHED_CUTS);
        rules.published().forEach(latest::putIfAbsent);
        compared.clear();
        arrivals = 0;
        arrivalsAtLastTick = -1;
        if (!rules.isJob()) {
            context.schedule(rules.tick(), PunctuationType.WALL_CLOCK_TIME, now -> settle());
        }
    }

    @Override
    public void process(Record<String, ScoreDigest> record) {
        ScoreDigest digest = record.value();
        if (!digest.getScoredTopic().equals(rules.scoredTopic())) {
            return;
        }
        partials.put(digest);
        arrivals++;
        if (!Stratification.isAll(digest.getStratum())) {
            return;
        }
        if (rules.isJob()) {
            // A partial of one model tells the coverage for all models, also in partitions without a score.
            partials.modelRevisions().forEach(this::publishWhenComplete);
        } else if (!digest.getModelRevision().equals(LatestPartials.NO_MODEL)) {
            publishWhenGrown(digest.getModelRevision());
        }
    }

    private void publishWhenComplete(String modelRevision) {
        List<Long> coveredTo = partials.coveredTo(modelRevision);
        for (int p = 0; p < coveredTo.size(); p++) {
            if (rules.target(p) > Math.max(0, coveredTo.get(p))) {
                return;
            }
        }
        Cuts last = published.get(modelRevision);
        if (last == null
                || last.getCount() != count(modelRevision)
                || !last.getCoveredTo().equals(coveredTo)) {
            publish(modelRevision, last);
        }
    }

    private void publishWhenGrown(String modelRevision) {
        Cuts last = published.get(modelRevision);
        if (last == null
                || count(modelRevision) - last.getCount()
                        >= Math.max(1, rules.settings().growth() * remembered(last.getCount()))) {
            publish(modelRevision, last);
        }
    }

    /** With a half-life old scores have little weight, so growth is relative to the recent ones. */
    private long remembered(long count) {
        long halfLife = rules.settings().blockRecords() * rules.partitions();
        return halfLife == 0 ? count : Math.min(count, 2 * halfLife);
    }

    /** Publishes new scores of an idle topic, if a cut has moved or the last version is old. */
    private void settle() {
        boolean idle = arrivals == arrivalsAtLastTick;
        arrivalsAtLastTick = arrivals;
        if (idle) {
            partials.modelRevisions().forEach(this::publishWhenMoved);
        }
    }

    private void publishWhenMoved(String modelRevision) {
        Cuts last = published.get(modelRevision);
        long count = count(modelRevision);
        if (last != null && count == last.getCount()) {
            return;
        }
        if (last == null || isDue(modelRevision) || hasMoved(modelRevision, count, last)) {
            publish(modelRevision, last);
        }
    }

    private boolean isDue(String modelRevision) {
        Published version = latest.get(modelRevision);
        return version == null
                || context().currentSystemTimeMs() - version.at()
                        >= rules.settings().refresh().toMillis();
    }

    private boolean hasMoved(String modelRevision, long count, Cuts last) {
        Long before = compared.put(modelRevision, count);
        if (before != null && before == count) {
            return false;
        }
        RankTable now = RankTable.of(partials.merged(modelRevision, Stratification.ALL_SCORES));
        return now.distance(RankTable.of(last.getDigest())) > now.rankErrorBound();
    }

    private void publish(String modelRevision, @Nullable Cuts last) {
        Published known = latest.get(modelRevision);
        int version = Math.max(last == null ? 0 : last.getVersion(), known == null ? 0 : known.version()) + 1;
        SelectorSettings settings = rules.settings();
        List<String> strata = partials.strata(modelRevision, settings.stratumMinimum(), settings.mostStrata());
        strata.forEach(stratum -> forward(cuts(modelRevision, stratum, version, null)));
        Cuts all = cuts(modelRevision, Stratification.ALL_SCORES, version, last);
        forward(all);
        published.put(modelRevision, all);
        latest.put(modelRevision, new Published(version, context().currentSystemTimeMs()));
        meters.published(all, strata.size() + 1);
        String warning = CutsVersion.warning(all);
        if (warning != null && warned.add(warning)) {
            System.err.println(warning);
        }
    }

    private Cuts cuts(String modelRevision, String stratum, int version, @Nullable Cuts before) {
        byte[] digest = partials.merged(modelRevision, stratum);
        RankTable ranks = RankTable.of(digest);
        return Cuts.newBuilder()
                .setScoredTopic(rules.scoredTopic())
                .setModelRevision(modelRevision)
                .setStratum(stratum)
                .setVersion(version)
                .setCount(partials.count(modelRevision, stratum))
                .setCovered(partials.covered(modelRevision))
                .setCoveredTo(partials.coveredTo(modelRevision))
                .setOrigins(partials.origins(modelRevision))
                .setDigest(ByteBuffer.wrap(digest))
                .setRankErrorBound(ranks.rankErrorBound())
                .setDrift(before == null ? null : Double.valueOf(ranks.distance(RankTable.of(before.getDigest()))))
                .build();
    }

    private void forward(Cuts cuts) {
        context().forward(new Record<>(CutsArchive.key(cuts), cuts, context().currentSystemTimeMs()));
    }

    private long count(String modelRevision) {
        return partials.count(modelRevision, Stratification.ALL_SCORES);
    }
}
