package org.bandpass.selector.router;

import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.Stores;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.WireFormat;
import org.bandpass.selector.cuts.CutsTable;
import org.bandpass.selector.score.Stratification;
import org.jspecify.annotations.Nullable;

/** The router's topology; depends on its plan and settings only. */
final class RouterTopology {

    private static final String ROUTE = "route-document";
    private static final String READ = "read-scored-documents";

    private RouterTopology() {}

    static Topology build(Properties config, Topics topics, Plan plan, RouterTally tally) {
        StreamsConfig streams = new StreamsConfig(config);
        WireFormat wire = WireFormat.of(streams.originals());
        Topology topology = new Topology(new TopologyConfig(streams));
        Supplier<@Nullable CutsTable> source =
                plan.getCutMode() == CutMode.LIVE ? live(topology, topics, plan, wire) : frozen(plan);
        topology.addSource(
                        READ,
                        new ByteArrayDeserializer(),
                        wire.deserializer(new ByteArrayDeserializer()),
                        plan.getScoredTopic())
                .addProcessor(ROUTE, () -> new RouteDocument(plan, source, tally), READ);
        for (Band band : plan.getBands()) {
            topology.addSink(
                    sink(band),
                    topics.band(plan.getName(), band.getName()).name(),
                    new ByteArraySerializer(),
                    wire.<RouteDocument.BandRecord>serializer((topic, record) -> record.value()),
                    (topic, key, record, partitions) -> Optional.of(Set.of(record.partition())),
                    ROUTE);
        }
        return topology;
    }

    static String sink(Band band) {
        return "write-" + band.getName();
    }

    private static Supplier<@Nullable CutsTable> frozen(Plan plan) {
        CutsTable table = new CutsTable(plan, plan.getCuts());
        return () -> table;
    }

    private static Supplier<@Nullable CutsTable> live(Topology topology, Topics topics, Plan plan, WireFormat wire) {
        AtomicReference<@Nullable CutsTable> latest = new AtomicReference<>();
        // A global processor needs a store; this one stays empty.
        topology.addGlobalStore(
                Stores.keyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore("latest-cuts"), Serdes.String(), Serdes.Integer())
                        .withLoggingDisabled(),
                "read-cuts",
                new StringDeserializer(),
                wire.deserializer(AvroSerde.of(Cuts.class).deserializer()),
                topics.cuts().name(),
                "keep-latest-cuts",
                () -> new KeepLatestCuts(plan, latest));
        return latest::get;
    }

    /** Runs on the global thread. Uses a version of the cuts once 'all' has arrived, the last of its strata. */
    private static final class KeepLatestCuts implements Processor<String, Cuts, Void, Void> {

        private final Plan plan;
        private final AtomicReference<@Nullable CutsTable> latest;
        private final Map<String, Cuts> collected = new TreeMap<>();
        private int version;

        KeepLatestCuts(Plan plan, AtomicReference<@Nullable CutsTable> latest) {
            this.plan = plan;
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
            if (Stratification.named(plan.getStratification()).includes(cuts.getStratum())) {
                collected.put(cuts.getStratum(), cuts);
            }
            if (Stratification.isAll(cuts.getStratum())) {
                latest.set(new CutsTable(plan, collected.values()));
            }
        }
    }
}
