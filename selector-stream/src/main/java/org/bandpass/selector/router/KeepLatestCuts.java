package org.bandpass.selector.router;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.cuts.CutsTable;
import org.bandpass.selector.score.Stratification;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the latest version of the cuts for a live plan. Runs on the global thread; collects the strata of a version and
 * publishes them together when 'all', the last one, has arrived.
 */
final class KeepLatestCuts extends ContextualProcessor<String, Cuts, Void, Void> {

    private final Plan plan;
    private final Stratification stratification;
    private final AtomicReference<@Nullable CutsTable> latest;
    private final Map<String, Cuts> collected = new TreeMap<>();
    private int version;

    KeepLatestCuts(Plan plan, AtomicReference<@Nullable CutsTable> latest) {
        this.plan = plan;
        this.stratification = Stratification.named(plan.getStratification());
        this.latest = latest;
    }

    @Override
    public void process(Record<String, Cuts> record) {
        Cuts cuts = record.value();
        // Tombstones come from pruning, which never deletes the latest version.
        if (cuts == null
                || !cuts.getScoredTopic().equals(plan.getScoredTopic())
                || !cuts.getModelRevision().equals(plan.getModelRevision())) {
            return;
        }
        if (cuts.getVersion() != version) {
            version = cuts.getVersion();
            collected.clear();
        }
        if (stratification.includes(cuts.getStratum())) {
            collected.put(cuts.getStratum(), cuts);
        }
        if (Stratification.isAll(cuts.getStratum())) {
            latest.set(new CutsTable(plan, collected.values()));
        }
    }
}
