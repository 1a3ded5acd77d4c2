package org.bandpass.selector;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.Topics;

/** Calibrator and live router of one partition, topology beside topology, document by document. */
final class LiveSimulation implements AutoCloseable {

    private static final Topics TOPICS = new Topics("bandpass.", 1, Topics.DEFAULT_MAX_DOCUMENT_BYTES);
    private static final String SCORED = TOPICS.scoredDocuments().name();
    private static final String HIGH = TOPICS.band("now", "high").name();

    private final long warmUp;
    private final RouterTally tally;
    private final TopologyTestDriver calibrator;
    private final TopologyTestDriver router;
    private final TestInputTopic<byte[], byte[]> toCalibrator;
    private final TestInputTopic<byte[], byte[]> toRouter;
    private final TestOutputTopic<String, Cuts> cuts;
    private final TestInputTopic<String, Cuts> cutsToRouter;
    private final TestOutputTopic<byte[], byte[]> high;
    /** Documents that the router has not begun with. */
    private final Deque<byte[]> waiting = new ArrayDeque<>();

    private boolean warm;

    LiveSimulation(Path folder, double rate, long warmUp, long halfLife) {
        this.warmUp = warmUp;
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Calibration calibration = new Calibration(
                SCORED,
                1,
                new DigestRules(1000, halfLife, List.of(), 0),
                1,
                new Calibration.Pace(0.05, Duration.ofHours(1)),
                Duration.ofSeconds(10),
                Map.of(),
                Map.of());
        Properties config = StreamsSettings.of(
                SelectorSettingsTest.of(),
                Calibrator.PROGRAM,
                DeadLetters.Address.of(SelectorSettingsTest.of(), Calibrator.PROGRAM, null, registry),
                folder);
        calibrator = new TopologyTestDriver(
                CalibratorTopology.build(config, TOPICS, calibration, new CalibratorMeters(registry)),
                config,
                Instant.EPOCH);
        Plan plan = TestPlans.live("now", SCORED, List.of(PlanBands.named("high", rate)), warmUp);
        tally = new RouterTally(plan, registry);
        Properties routing = RouterTopologyTest.config(plan, folder, registry);
        router = new TopologyTestDriver(RouterTopology.build(routing, TOPICS, plan, tally), routing, Instant.EPOCH);
        ByteArraySerializer bytes = new ByteArraySerializer();
        toCalibrator = calibrator.createInputTopic(SCORED, bytes, bytes);
        toRouter = router.createInputTopic(SCORED, bytes, bytes);
        AvroSerde<Cuts> serde = AvroSerde.of(Cuts.class);
        cuts = calibrator.createOutputTopic(TOPICS.cuts().name(), new StringDeserializer(), serde);
        cutsToRouter = router.createInputTopic(TOPICS.cuts().name(), new StringSerializer(), serde);
        high = router.createOutputTopic(HIGH, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Scores documents one after the other; returns whether each was kept, when its turn came. */
    boolean[] run(double[] scores) {
        boolean[] kept = new boolean[scores.length];
        int routed = 0;
        for (int i = 0; i < scores.length; i++) {
            byte[] value = Scored.of("text " + i, scores[i]).bytes();
            toCalibrator.pipeInput(value);
            waiting.add(value);
            for (TestRecord<String, Cuts> each : cuts.readRecordsToList()) {
                cutsToRouter.pipeInput(each);
                warm |= each.value().getCount() >= warmUp;
            }
            while (warm && !waiting.isEmpty()) {
                kept[routed++] = route(waiting.remove());
            }
            if (i % 1000 == 0) {
                calibrator
                        .createOutputTopic(
                                TOPICS.scoreDigests().name(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                        .readValuesToList();
            }
        }
        return kept;
    }

    private boolean route(byte[] value) {
        long before = tally.bands().get(0).documents().sum();
        toRouter.pipeInput(value);
        high.readValuesToList();
        return tally.bands().get(0).documents().sum() > before;
    }

    @Override
    public void close() {
        calibrator.close();
        router.close();
    }
}
