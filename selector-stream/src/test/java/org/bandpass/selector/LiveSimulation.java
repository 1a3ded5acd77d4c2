package org.bandpass.selector;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
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
import org.bandpass.selector.calibrator.TestCalibrator;
import org.bandpass.selector.plan.PlanBands;
import org.bandpass.selector.plan.TestPlans;
import org.bandpass.selector.router.TestRouter;
import org.bandpass.selector.score.Scored;

/** Calibrator and live router of one partition without a broker, document by document. */
final class LiveSimulation implements AutoCloseable {

    private static final Topics TOPICS = new Topics("bandpass.", 1, Topics.DEFAULT_MAX_DOCUMENT_BYTES);
    private static final String SCORED = TOPICS.scoredDocuments().name();
    private static final String HIGH = TOPICS.band("now", "high").name();

    private final long warmUp;
    private final TopologyTestDriver calibrator;
    private final TopologyTestDriver router;
    private final TestInputTopic<byte[], byte[]> toCalibrator;
    private final TestInputTopic<byte[], byte[]> toRouter;
    private final TestOutputTopic<String, Cuts> cuts;
    private final TestInputTopic<String, Cuts> cutsToRouter;
    private final TestOutputTopic<byte[], byte[]> high;
    /** Documents that the router has not read yet. */
    private final Deque<byte[]> waiting = new ArrayDeque<>();

    private boolean warm;

    LiveSimulation(Path folder, double rate, long warmUp, long halfLife) {
        this.warmUp = warmUp;
        calibrator = TestCalibrator.start(halfLife, folder);
        Plan plan = TestPlans.live("now", SCORED, List.of(PlanBands.named("high", rate)), warmUp);
        router = TestRouter.start(TOPICS, plan, folder);
        ByteArraySerializer bytes = new ByteArraySerializer();
        toCalibrator = calibrator.createInputTopic(SCORED, bytes, bytes);
        toRouter = router.createInputTopic(SCORED, bytes, bytes);
        AvroSerde<Cuts> serde = AvroSerde.of(Cuts.class);
        cuts = calibrator.createOutputTopic(TOPICS.cuts().name(), new StringDeserializer(), serde.deserializer());
        cutsToRouter = router.createInputTopic(TOPICS.cuts().name(), new StringSerializer(), serde.serializer());
        high = router.createOutputTopic(HIGH, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Scores documents in order; returns whether each was kept. */
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
        toRouter.pipeInput(value);
        return !high.readValuesToList().isEmpty();
    }

    @Override
    public void close() {
        calibrator.close();
        router.close();
    }
}
