package org.bandpass.selector.calibrator;

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

    private CalibratorTopology() {}

    static Topology build(Properties config, Topics topics, CalibrationRules calibration, CalibratorMeters meters) {
        StreamsConfig streams = new StreamsConfig(config);
        WireFormat wire = WireFormat.of(streams.originals());
        Topology topology = new Topology(new TopologyConfig(streams));
        digestScores(topology, topics, wire, calibration);
        buildCuts(topology, topics, wire, calibration, meters);
        return topology;
    }

    private static void digestScores(Topology topology, Topics topics, WireFormat wire, CalibrationRules calibration) {
        topology.addSource(
                        "read-scored-documents",
                        new ByteArrayDeserializer(),
                        wire.deserializer(),
                        calibration.scoredTopic())
                .addProcessor("digest-scores", () -> new DigestScores(calibration), "read-scored-documents")
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
            Topology topology, Topics topics, WireFormat wire, CalibrationRules calibration, CalibratorMeters meters) {
        AvroSerde<ScoreDigest> digests = AvroSerde.of(ScoreDigest.class);
        AvroSerde<Cuts> cuts = AvroSerde.of(Cuts.class);
        topology.addSource(
                        "read-score-digests",
                        new StringDeserializer(),
                        wire.deserializer(digests),
                        topics.scoreDigests().name())
                .addProcessor("build-cuts", () -> new BuildCuts(calibration, meters), "read-score-digests")
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
