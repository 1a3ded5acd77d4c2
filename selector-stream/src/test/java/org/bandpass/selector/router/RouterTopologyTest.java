package org.bandpass.selector.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.Topics;
import org.bandpass.selector.GoldenFile;
import org.bandpass.selector.cuts.CutsArchive;
import org.bandpass.selector.plan.PlanBands;
import org.bandpass.selector.plan.TestPlans;
import org.bandpass.selector.score.Scored;
import org.bandpass.selector.score.Stratification;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class RouterTopologyTest {

    private static final Topics TOPICS = new Topics("bandpass.", 1, Topics.DEFAULT_MAX_DOCUMENT_BYTES);
    private static final String SCORED = TOPICS.scoredDocuments().name();
    private static final List<Band> HALVES = List.of(PlanBands.named("low", 0.5), PlanBands.named("high", 0.5));

    @TempDir
    private Path folder;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private TopologyTestDriver driver;
    private TestInputTopic<String, byte[]> scored;

    @AfterEach
    void close() {
        if (driver != null) {
            driver.close();
        }
    }

    private Topology topology(Plan plan) {
        return TestRouter.topology(TOPICS, plan, folder, registry);
    }

    private void start(Plan plan) {
        driver = TestRouter.start(TOPICS, plan, folder, registry);
        scored = driver.createInputTopic(SCORED, new StringSerializer(), new ByteArraySerializer());
    }

    private List<TestRecord<String, byte[]>> band(String plan, String band) {
        return driver.createOutputTopic(
                        TOPICS.band(plan, band).name(), new StringDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    private void publish(Cuts cuts) {
        driver.createInputTopic(
                        TOPICS.cuts().name(),
                        new StringSerializer(),
                        AvroSerde.of(Cuts.class).serializer())
                .pipeInput(CutsArchive.key(cuts), cuts);
    }

    @Test
    void equalsTheGoldenFiles() {
        GoldenFile.check(
                "router-frozen.topology",
                topology(TestPlans.frozen("run", SCORED, HALVES, 1, 2, 3))
                        .describe()
                        .toString());
        GoldenFile.check(
                "router-live.topology",
                topology(TestPlans.live("now", SCORED, HALVES, 100)).describe().toString());
    }

    @Test
    void sendsEachDocumentUntouchedToTheBandsOfItsRank() {
        List<Band> bands =
                List.of(PlanBands.named("low", 0.5), PlanBands.named("medium", 0.5), PlanBands.named("high", 0.5));
        start(TestPlans.frozen("run", SCORED, bands, 1, 2, 3, 4));
        List<Scored> documents = List.of(Scored.of("a", 1), Scored.of("b", 2), Scored.of("c", 3), Scored.of("d", 4));
        for (int i = 0; i < 4; i++) {
            Headers headers = new RecordHeaders().add("bandpass-source-offset", HeaderNames.bytes(7L + i));
            scored.pipeInput(new TestRecord<>(
                    documents.get(i).id(), documents.get(i).bytes(), headers, Instant.ofEpochMilli(1000 + i)));
        }

        List<TestRecord<String, byte[]>> medium = band("run", "medium");
        assertThat(keys(band("run", "low")))
                .containsExactly(documents.get(0).id(), documents.get(1).id());
        assertThat(keys(medium))
                .containsExactly(documents.get(1).id(), documents.get(2).id());
        assertThat(keys(band("run", "high")))
                .containsExactly(documents.get(2).id(), documents.get(3).id());
        TestRecord<String, byte[]> c = medium.get(1);
        assertThat(c.value()).isEqualTo(documents.get(2).bytes());
        assertThat(c.timestamp()).isEqualTo(1002);
        assertThat(HeaderNames.real(c.headers(), HeaderNames.RANK)).isEqualTo(0.625);
        assertThat(HeaderNames.integer(c.headers(), HeaderNames.CUTS_VERSION)).isEqualTo(1);
        assertThat(HeaderNames.text(c.headers(), HeaderNames.PLAN)).isEqualTo("run");
        assertThat(HeaderNames.text(c.headers(), HeaderNames.STRATUM)).isEqualTo("all");
        assertThat(HeaderNames.integer(c.headers(), HeaderNames.SCORED_PARTITION))
                .isZero();
        assertThat(HeaderNames.longInteger(c.headers(), HeaderNames.SCORED_OFFSET))
                .isEqualTo(2);
        assertThat(HeaderNames.longInteger(c.headers(), "bandpass-source-offset"))
                .isEqualTo(9);
        assertThat(c.headers().toArray()).hasSize(7);
    }

    @Test
    void neverSplitsEqualScores() {
        double[] scores = new double[1000];
        Arrays.setAll(scores, i -> i < 300 ? 1 : i < 800 ? 2 : 3);
        start(TestPlans.frozen("run", SCORED, HALVES, scores));
        for (int i = 0; i < scores.length; i++) {
            Scored each = Scored.of("text " + i, scores[i]);
            scored.pipeInput(each.id(), each.bytes());
        }

        // The rank of the five hundred in the middle is 0.55, so all of them are high.
        assertThat(band("run", "low")).hasSize(300);
        assertThat(band("run", "high")).hasSize(700);
    }

    @Test
    void ranksByStratumAndFallsBackToAll() {
        Plan plan = TestPlans.frozen(
                "run",
                HALVES,
                Stratification.DOMAIN,
                List.of(
                        TestPlans.cuts(SCORED, "all", 4, 1, 2, 3, 4),
                        TestPlans.cuts(SCORED, "domain=code", 4, 10, 11, 12, 13)));
        start(plan);
        for (String domain : List.of("code", "unheard-of")) {
            Scored each = new Scored("of " + domain, 10, 10, domain, null, Scored.MODEL);
            scored.pipeInput(each.id(), each.bytes());
        }

        assertThat(band("run", "low"))
                .singleElement()
                .satisfies(record -> assertThat(HeaderNames.text(record.headers(), HeaderNames.STRATUM))
                        .isEqualTo("domain=code"));
        assertThat(band("run", "high"))
                .singleElement()
                .satisfies(record -> assertThat(HeaderNames.text(record.headers(), HeaderNames.STRATUM))
                        .isEqualTo("all"));
    }

    @Test
    void skipsOtherModelsAndRefusesDamagedRecords() {
        start(TestPlans.frozen("run", SCORED, HALVES, 1, 2, 3));
        scored.pipeInput("a", Scored.of("a", 2).by("another").bytes());
        scored.pipeInput("b", new byte[] {1});
        scored.pipeInput("c", Scored.of("c", Double.POSITIVE_INFINITY).bytes());
        scored.pipeInput("d", Scored.of("d", 3).bytes());

        assertThat(band("run", "low")).isEmpty();
        assertThat(keys(band("run", "high"))).containsExactly("d");
        assertThat(driver.createOutputTopic(
                                TOPICS.deadLetters("router").name(),
                                new ByteArrayDeserializer(),
                                AvroSerde.of(DeadLetter.class).deserializer())
                        .readValuesToList())
                .extracting(DeadLetter::getProgram, DeadLetter::getReason, DeadLetter::getOffset)
                .containsExactly(tuple("router", "unreadable", 1L), tuple("router", "non-finite", 2L));
        assertThat(registry.get("bandpass.router.passed.over").functionCounter().count())
                .isEqualTo(1);
        assertThat(registry.get("bandpass.router.documents").functionCounter().count())
                .isEqualTo(1);
        assertThat(registry.get("bandpass.router.dead.letters")
                        .tag("reason", "unreadable")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aLivePlanRanksByTheLatestWholeVersion() {
        start(TestPlans.live("now", SCORED, HALVES, 1));
        publish(TestPlans.cuts("another-topic", "all", 9, 100, 200));
        publish(TestPlans.cuts(SCORED, "all", 1, 1, 2, 3, 4));
        scored.pipeInput("before", Scored.of("a", 10).bytes());
        // A version is used once its 'all' has arrived, which is the last record.
        publish(TestPlans.cuts(SCORED, "domain=books", 2, 20, 30));
        scored.pipeInput("between", Scored.of("b", 10).bytes());
        publish(TestPlans.cuts(SCORED, "all", 2, 11, 12, 13, 14));
        scored.pipeInput("after", Scored.of("c", 10).bytes());

        assertThat(keys(band("now", "high"))).containsExactly("before", "between");
        assertThat(band("now", "low")).singleElement().satisfies(record -> {
            assertThat(record.key()).isEqualTo("after");
            assertThat(HeaderNames.integer(record.headers(), HeaderNames.CUTS_VERSION))
                    .isEqualTo(2);
            assertThat(HeaderNames.real(record.headers(), HeaderNames.RANK)).isZero();
        });
    }

    private static List<String> keys(List<TestRecord<String, byte[]>> records) {
        List<String> keys = new ArrayList<>();
        records.forEach(record -> keys.add(record.key()));
        return keys;
    }
}
