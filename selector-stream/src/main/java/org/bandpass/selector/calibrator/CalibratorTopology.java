package org.bandpass.selector.calibrator;

import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.state.Stores;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.ScoreDigest;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.WireFormat;

/** The calibrator's topology, a function of its settings alone. */
final class CalibratorTopology {

    /** First stage: digests and values since their boundaries. */
    static final String SCORE_DIGESTS = "score-digests";
    /** Second stage: the latest partial of each stratum and partition. */
    static final String LATEST_PARTIALS = "latest-partials";
    /** Second stage: the last version of the cuts by model revision. */
    static final String PUBLISHED_CUTS = "published-cuts";

    static final List<String> STORES = List.of(SCORE_DIGESTS, LATEST_PARTIALS, PUBLISHED_CUTS);

    private CalibratorTopology() {}

    static Topology build(Properties config, Topics topics, CalibrationRules rules, CalibratorMeters meters) {
        StreamsConfig streams = new StreamsConfig(config);
        WireFormat wire = WireFormat.of(streams.originals());
        Topology topology = new Topology(new TopologyConfig(streams));
        digestScores(topology, topics, wire, rules);
        buildCuts(topology, topics, wire, rules, meters);
        return topology;
    }

    private static void digestScores(Topology topology, Topics topics, WireFormat wire, CalibrationRules rules) {
        topology.addSource(
                        "read-scored-documents", new ByteArrayDeserializer(), wire.deserializer(), rules.scoredTopic())
                .addProcessor("digest-scores", () -> new DigestScores(rules), "read-scored-documents")
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore(SCORE_DIGESTS), Serdes.ByteArray(), Serdes.ByteArray()),
                        "digest-scores")
                .addSink(
                        "write-score-digests",
                        topics.scoreDigests().name(),
                        new StringSerializer(),
                        wire.serializer(AvroSerde.of(ScoreDigest.class)),
                        "digest-scores");
    }

    private static void buildCuts(
            Topology topology, Topics topics, WireFormat wire, CalibrationRules rules, CalibratorMeters meters) {
        AvroSerde<ScoreDigest> digests = AvroSerde.of(ScoreDigest.class);
        AvroSerde<Cuts> cuts = AvroSerde.of(Cuts.class);
        topology.addSource(
                        "read-score-digests",
                        new StringDeserializer(),
                        wire.deserializer(digests),
                        topics.scoreDigests().name())
                .addProcessor("build-cuts", () -> new BuildCuts(rules, meters), "read-score-digests")
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(LATEST_PARTIALS), Serdes.String(), digests),
                        "build-cuts")
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(PUBLISHED_CUTS), Serdes.String(), cuts),
                        "build-cuts")
                .addSink(
                        "write-cuts",
                        topics.cuts().name(),
                        new StringSerializer(),
                        wire.serializer(cuts),
                        "build-cuts");
    }
}
