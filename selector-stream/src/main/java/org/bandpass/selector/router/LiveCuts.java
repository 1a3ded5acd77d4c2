package org.bandpass.selector.router;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.cuts.CutsTable;
import org.bandpass.selector.score.Stratification;
import org.jspecify.annotations.Nullable;

/** The latest version of the cuts of a live plan, kept by the global thread and read by all. */
final class LiveCuts implements Supplier<@Nullable CutsTable> {

    private final Plan plan;
    private final Stratification stratification;
    private final AtomicReference<@Nullable CutsTable> latest = new AtomicReference<>();

    LiveCuts(Plan plan) {
        this.plan = plan;
        this.stratification = Stratification.named(plan.getStratification());
    }

    @Override
    public @Nullable CutsTable get() {
        return latest.get();
    }

    /** Returns the processor of the global store. */
    Processor<String, Cuts, Void, Void> keeper() {
        return new KeepLatestCuts();
    }

    /** Collects the strata of a version and publishes them together when 'all', the last, has arrived. */
    private final class KeepLatestCuts extends ContextualProcessor<String, Cuts, Void, Void> {

        private final Map<String, Cuts> collected = new TreeMap<>();
        private int version;

        @Override
        public void process(Record<String, Cuts> record) {
            Cuts cuts = record.value();
            // Tombstones come from pruning, which never takes the latest version.
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
                latest.set(new CutsTable(stratification, collected.values()));
                KeyValueStore<String, Integer> versions = context().getStateStore(RouterTopology.LATEST_CUTS);
                versions.put(plan.getModelRevision(), version);
            }
        }
    }
}
