package org.bandpass.selector.calibrator;

import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.Stores;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.ScoreDigest;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.WireFormat;

/** The calibrator's topology; depends on its settings only. */
final class CalibratorTopology {

    /** First stage: digests, and the values after their last boundary. */
    static final String SCORE_DIGESTS = "score-digests";
    /** Second stage: the latest partial of each stratum and partition. */
    static final String LATEST_PARTIALS = "latest-partials";
    /** Second stage: the last version of the cuts by model revision. */
    static final String PUBLISHED_CUTS = "published-cuts";

    static final List<String> STORES = List.of(SCORE_DIGESTS, LATEST_PARTIALS, PUBLISHED_CUTS);

    private CalibratorTopology() {}

    static Topology build(Properties config, CalibratorRules rules, CalibratorMeters meters) {
        Topics topics = rules.settings().topics();
        StreamsConfig streams = new StreamsConfig(config);
        WireFormat wire = WireFormat.of(streams.originals());
        Topology topology = new Topology(new TopologyConfig(streams));
        AvroSerde<ScoreDigest> digests = AvroSerde.of(ScoreDigest.class);
        AvroSerde<Cuts> cuts = AvroSerde.of(Cuts.class);
        StringSerializer keys = new StringSerializer();
        String first = "digest-scores";
        String read = "read-scored-documents";
        topology.addSource(
                read, new ByteArrayDeserializer(), wire.deserializer(new ByteArrayDeserializer()), rules.scoredTopic());
        topology.addProcessor(first, () -> new DigestScores(rules), read);
        store(topology, Stores.inMemoryKeyValueStore(SCORE_DIGESTS), Serdes.ByteArray(), Serdes.ByteArray(), first);
        String between = topics.scoreDigests().name();
        topology.addSink("write-score-digests", between, keys, wire.serializer(digests.serializer()), first);
        String second = "build-cuts";
        topology.addSource(
                "read-score-digests", new StringDeserializer(), wire.deserializer(digests.deserializer()), between);
        topology.addProcessor(second, () -> new BuildCuts(rules, meters), "read-score-digests");
        store(topology, Stores.persistentKeyValueStore(LATEST_PARTIALS), Serdes.String(), digests, second);
        store(topology, Stores.persistentKeyValueStore(PUBLISHED_CUTS), Serdes.String(), cuts, second);
        topology.addSink("write-cuts", topics.cuts().name(), keys, wire.serializer(cuts.serializer()), second);
        return topology;
    }

    private static <K, V> void store(
            Topology topology, KeyValueBytesStoreSupplier store, Serde<K> keys, Serde<V> values, String processor) {
        topology.addStateStore(Stores.keyValueStoreBuilder(store, keys, values), processor);
    }
}
