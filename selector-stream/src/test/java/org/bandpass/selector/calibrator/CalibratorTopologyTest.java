package org.bandpass.selector.calibrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.ScoreDigest;
import org.bandpass.schemas.Topics;
import org.bandpass.selector.GoldenFile;
import org.bandpass.selector.digest.ExactRanks;
import org.bandpass.selector.digest.RankTable;
import org.bandpass.selector.runtime.TestSettings;
import org.bandpass.selector.score.Scored;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibratorTopologyTest {

    private static final Topics TOPICS = new Topics("bandpass.", 1, Topics.DEFAULT_MAX_DOCUMENT_BYTES);
    private static final Duration TICK = Duration.ofSeconds(10);

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

    private static CalibratorRules rules(long minimum, Map<Integer, Long> targets, String... more) {
        List<String> settings = new ArrayList<>(List.of(
                "topic.partitions=1",
                "calibrator.boundary.scores=100",
                "calibrator.strata=domain,language",
                "calibrator.settle.ms=" + TICK.toMillis(),
                "calibrator.stratum.minimum.scores=" + minimum));
        settings.addAll(List.of(more));
        return new CalibratorRules(
                TestSettings.of(settings.toArray(String[]::new)),
                targets,
                Map.of("known", new CalibratorRules.Published(7, 0)));
    }

    private Properties config() {
        return TestCalibrator.config(folder, registry);
    }

    private Topology topology(CalibratorRules rules) {
        return CalibratorTopology.build(config(), rules, new CalibratorMeters(registry));
    }

    private void start(CalibratorRules rules) {
        driver = new TopologyTestDriver(topology(rules), config(), Instant.EPOCH);
        scored = driver.createInputTopic(
                TOPICS.scoredDocuments().name(), new StringSerializer(), new ByteArraySerializer());
    }

    private void pipe(List<Scored> documents) {
        documents.forEach(document -> scored.pipeInput(document.id(), document.bytes()));
    }

    private List<Cuts> cuts() {
        return driver.createOutputTopic(
                        TOPICS.cuts().name(),
                        new StringDeserializer(),
                        AvroSerde.of(Cuts.class).deserializer())
                .readValuesToList();
    }

    private Map<Integer, Map<String, Cuts>> versions(String model) {
        Map<Integer, Map<String, Cuts>> versions = new TreeMap<>();
        cuts().stream()
                .filter(cuts -> cuts.getModelRevision().equals(model))
                .forEach(cuts -> versions.computeIfAbsent(cuts.getVersion(), v -> new TreeMap<>())
                        .put(cuts.getStratum(), cuts));
        return versions;
    }

    @Test
    void equalsTheGoldenFile() {
        GoldenFile.check(
                "calibrator.topology", topology(rules(1, Map.of())).describe().toString());
    }

    @Test
    void publishesCutsOfEveryScoreOnceTheTopicIsIdle() {
        List<Scored> documents = Scored.many(1234, 5);
        start(rules(50, Map.of()));
        pipe(documents);
        idle();
        driver.advanceWallClockTime(Duration.ofHours(1));

        Map<Integer, Map<String, Cuts>> versions = versions(Scored.MODEL);
        Map<String, Cuts> last = versions.get(versions.size());

        assertThat(versions.keySet()).containsExactlyElementsOf(numbers(versions.size()));
        assertThat(last.keySet()).containsExactly("all", "domain=books", "domain=code", "domain=web", "language=en");
        assertThat(last.get("all").getCount()).isEqualTo(1234);
        assertThat(last.get("all").getCovered()).containsExactly(1234L);
        assertThat(last.values().stream()
                        .filter(cuts -> cuts.getStratum().startsWith("domain="))
                        .mapToLong(Cuts::getCount)
                        .sum())
                .isEqualTo(1234);
        ExactRanks exact =
                new ExactRanks(documents.stream().mapToDouble(Scored::readNll).toArray());
        RankTable table = RankTable.of(last.get("all").getDigest());
        documents.forEach(each -> assertThat(table.rank(each.readNll())).isEqualTo(exact.rank(each.readNll())));
        assertThat(registry.get("bandpass.calibrator.cuts.version").gauge().value())
                .isEqualTo(versions.size());
        assertThat(registry.get("bandpass.calibrator.cuts.drift.ratio").gauge().value())
                .isEqualTo(last.get("all").getDrift())
                .isBetween(0.0, 0.2);
    }

    private static List<Integer> numbers(int to) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 1; i <= to; i++) {
            numbers.add(i);
        }
        return numbers;
    }

    @Test
    void publishesNothingWithoutNewScores() {
        start(rules(1, Map.of()));
        pipe(Scored.many(150, 5));
        for (int i = 0; i < 5; i++) {
            driver.advanceWallClockTime(TICK);
        }
        cuts();
        for (int i = 0; i < 5; i++) {
            driver.advanceWallClockTime(TICK);
        }

        assertThat(cuts()).isEmpty();
    }

    @Test
    void fewNewScoresGetAVersionOnlyWhenACutHasMovedOrAnHourHasPassed() {
        start(rules(1, Map.of()));
        pipe(Scored.many(200, 9).stream().map(each -> each.by("old")).toList());
        pipe(evenly(1000, 1));
        idle();
        versions(Scored.MODEL);

        // In each pause 10 documents: less than 5 %, and evenly spread, so no cut moves.
        for (int pause = 0; pause < 3; pause++) {
            pipe(evenly(10, 2 + pause));
            idle();
        }
        assertThat(cuts()).as("in the pauses between a few scores").isEmpty();

        driver.advanceWallClockTime(Duration.ofHours(1));
        List<Cuts> hourly = cuts();
        assertThat(hourly).extracting(Cuts::getModelRevision).containsOnly(Scored.MODEL);
        assertThat(hourly.get(hourly.size() - 1).getCount()).isEqualTo(1030);

        // The same number of documents, which move the upper cuts.
        for (int i = 0; i < 10; i++) {
            pipe(List.of(Scored.of("high " + i, 30)));
        }
        idle();
        List<Cuts> moved = cuts();
        assertThat(moved.get(moved.size() - 1).getCount()).isEqualTo(1040);
    }

    private static List<Scored> evenly(int count, int seed) {
        List<Scored> documents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            documents.add(Scored.of("even " + seed + " " + i, 1 + (i + 0.5) / count + seed * 1e-6));
        }
        return documents;
    }

    @Test
    void publishesANewVersionWheneverTheScoresHaveGrownByAShare() {
        start(rules(1, Map.of()));
        pipe(Scored.many(5000, 5));

        List<Long> counts = new ArrayList<>();
        versions(Scored.MODEL)
                .values()
                .forEach(version -> counts.add(version.get("all").getCount()));

        assertThat(counts.get(0)).isEqualTo(1);
        assertThat(counts.get(1)).isEqualTo(100);
        for (int i = 2; i < counts.size(); i++) {
            assertThat(counts.get(i)).isGreaterThanOrEqualTo((long) Math.ceil(1.05 * counts.get(i - 1)));
            assertThat(counts.get(i)).isLessThanOrEqualTo((long) (1.05 * counts.get(i - 1)) + 100);
        }
    }

    @Test
    void aJobPublishesOneVersionWhenItHasCoveredItsTarget() {
        start(rules(1, Map.of(0, 1200L)));
        pipe(Scored.many(1199, 5));
        driver.advanceWallClockTime(TICK);
        driver.advanceWallClockTime(TICK);
        assertThat(cuts()).isEmpty();

        pipe(Scored.many(1, 6));
        driver.advanceWallClockTime(TICK);
        driver.advanceWallClockTime(TICK);

        assertThat(versions(Scored.MODEL).keySet()).containsExactly(1);
    }

    @Test
    void keepsModelRevisionsApart() {
        start(rules(1, Map.of(0, 300L)));
        pipe(Scored.many(100, 1));
        pipe(Scored.many(200, 2).stream().map(each -> each.by("known")).toList());
        driver.advanceWallClockTime(TICK);

        List<Cuts> all =
                cuts().stream().filter(cuts -> cuts.getStratum().equals("all")).toList();

        assertThat(all).extracting(Cuts::getModelRevision).containsExactlyInAnyOrder(Scored.MODEL, "known");
        assertThat(all).allSatisfy(cuts -> {
            boolean known = cuts.getModelRevision().equals("known");
            assertThat(cuts.getCount()).isEqualTo(known ? 200 : 100);
            // Version numbers continue from existing versions, even if the state has none.
            assertThat(cuts.getVersion()).isEqualTo(known ? 8 : 1);
            assertThat(cuts.getCovered()).containsExactly(300L);
        });
    }

    @Test
    void givesSmallStrataNoCuts() {
        start(rules(100, Map.of(0, 120L)));
        List<Scored> documents = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            documents.add(new Scored("text " + i, 1 + i, 10, i < 20 ? "small" : "large", null, Scored.MODEL));
        }
        pipe(documents);
        driver.advanceWallClockTime(TICK);

        assertThat(cuts()).extracting(Cuts::getStratum).containsExactly("domain=large", "all");
    }

    @Test
    void givesNoCutsToStrataFromWhichScoresMayBeMissing() {
        start(rules(1, Map.of(0, 4L), "calibrator.strata=domain", "calibrator.strata.maximum=2"));
        for (String domain : List.of("a", "b", "c", "b")) {
            pipe(List.of(new Scored("text " + domain + scored, 2, 10, domain, null, Scored.MODEL)));
        }
        driver.advanceWallClockTime(TICK);

        assertThat(cuts()).extracting(Cuts::getStratum).containsExactly("domain=a", "domain=b", "all");
    }

    @Test
    void refusedRecordsBecomeDeadLettersAndCountAsCovered() {
        start(rules(1, Map.of(0, 4L)));
        scored.pipeInput("a", Scored.of("a", Double.NaN).bytes());
        scored.pipeInput("b", new byte[] {1, 2, 3});
        pipe(List.of(Scored.of("c", 2)));
        scored.pipeInput("d", (byte[]) null);
        driver.advanceWallClockTime(TICK);

        List<DeadLetter> letters = driver.createOutputTopic(
                        TOPICS.deadLetters("calibrator").name(),
                        new ByteArrayDeserializer(),
                        AvroSerde.of(DeadLetter.class).deserializer())
                .readValuesToList();
        assertThat(letters)
                .extracting(DeadLetter::getReason, DeadLetter::getOffset, DeadLetter::getProgram)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("non-finite", 0L, "calibrator"),
                        org.assertj.core.groups.Tuple.tuple("unreadable", 1L, "calibrator"),
                        org.assertj.core.groups.Tuple.tuple("unreadable", 3L, "calibrator"));
        assertThat(letters.get(1).getContent()).isEqualTo(java.nio.ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(letters.get(2).getContent()).isNull();
        List<Cuts> cuts = cuts();
        assertThat(cuts.get(cuts.size() - 1).getCount()).isEqualTo(1);
        assertThat(cuts.get(cuts.size() - 1).getCovered()).containsExactly(4L);
    }

    @Test
    void oneDocumentAndEqualScoresHaveCuts() {
        start(rules(1, Map.of(0, 1L)));
        pipe(List.of(Scored.of("one", 2.5)));
        driver.advanceWallClockTime(TICK);
        Cuts one = cuts().get(2);
        assertThat(RankTable.of(one.getDigest()).rank(2.5)).isEqualTo(0.5);

        Scored[] equal = new Scored[5000];
        Arrays.setAll(equal, i -> Scored.of("equal " + i, 2.5));
        pipe(List.of(equal));
        driver.advanceWallClockTime(TICK);
        List<Cuts> all =
                cuts().stream().filter(cuts -> cuts.getStratum().equals("all")).toList();
        assertThat(RankTable.of(all.get(all.size() - 1).getDigest()).rank(2.5)).isEqualTo(0.5);
    }

    @Test
    void partialsOfAnIdleTopicDoNotEnterTheState() {
        List<Scored> documents = Scored.many(777, 3);
        start(rules(1, Map.of()));
        for (int i = 0; i < documents.size(); i++) {
            pipe(documents.subList(i, i + 1));
            if (i % 37 == 0) {
                driver.advanceWallClockTime(TICK);
                driver.advanceWallClockTime(TICK);
            }
        }
        idle();
        ScoreDigest withPauses = lastPartial();
        driver.close();

        start(rules(1, Map.of()));
        pipe(documents);
        idle();

        assertThat(lastPartial().getDigest()).isEqualTo(withPauses.getDigest());
    }

    private void idle() {
        for (int i = 0; i < 4; i++) {
            driver.advanceWallClockTime(TICK);
        }
    }

    private ScoreDigest lastPartial() {
        List<ScoreDigest> partials = driver.createOutputTopic(
                        TOPICS.scoreDigests().name(),
                        new StringDeserializer(),
                        AvroSerde.of(ScoreDigest.class).deserializer())
                .readValuesToList();
        return partials.get(partials.size() - 1);
    }
}
