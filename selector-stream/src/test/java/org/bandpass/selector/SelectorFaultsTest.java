package org.bandpass.selector;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.selector.SelectorCluster.Outcome;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.score.Scored;
import org.bandpass.service.FolderLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How calibrator, router and their commands handle wrong records, topics, folders and settings. */
@Timeout(600)
class SelectorFaultsTest extends SelectorOnABroker {

    private static final AvroSerde<DeadLetter> LETTERS = AvroSerde.of(DeadLetter.class);
    /** An application that has stopped at a failure does not leave its group. */
    private static String[] quickly(String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        for (String setting : List.of("kafka.session.timeout.ms=1000", "kafka.heartbeat.interval.ms=300")) {
            all.addAll(List.of("--set", setting));
        }
        return all.toArray(String[]::new);
    }

    private List<DeadLetter> deadLetters(String program) {
        return cluster.records(cluster.topics().deadLetters(program).name()).stream()
                .map(record -> LETTERS.read(record.value()))
                .toList();
    }

    @Test
    void stopsAtAnUnknownSchemaUntilItsPositionMayBecomeADeadLetter() {
        String topic = cluster.topics().scoredDocuments().name();
        cluster.score(Scored.many(30, 3));
        cluster.score("newer", Scored.of("newer", 2).bytesOfAnUnknownSchema(), 1);
        cluster.score(Scored.many(30, 4));
        long offset = cluster.records(topic).stream()
                .filter(record -> "newer".equals(new String(record.key(), StandardCharsets.UTF_8)))
                .findFirst()
                .orElseThrow()
                .offset();
        String position = DeadLetterPositions.name(topic, 1, offset);

        Outcome calibrated = cluster.calibrate(quickly());
        stopsAt(calibrated, topic, offset, "calibrator");
        assertThat(cluster.calibrate(quickly("--set", "dead.letter.positions=" + position))
                        .first()
                        .get("count")
                        .asInt())
                .isEqualTo(60);
        cluster.freeze("run", "--bands", "low,high");
        Outcome selected = cluster.select(quickly("--plan", "run"));
        stopsAt(selected, topic, offset, "router.run");
        assertThat(cluster.audit("run").error()).contains("partition 1 offset " + offset);
        assertThat(cluster.select(quickly("--plan", "run", "--set", "dead.letter.positions=" + position))
                        .code())
                .isZero();

        for (String program : List.of("calibrator", "router")) {
            assertThat(deadLetters(program)).singleElement().satisfies(letter -> {
                assertThat(letter.getReason()).isEqualTo("unknown-schema");
                assertThat(letter.getOffset()).isEqualTo(offset);
            });
        }
        assertThat(cluster.positions("run", "low").size()
                        + cluster.positions("run", "high").size())
                .isEqualTo(60);
        assertThat(cluster.run(new AuditCommand(), "--plan=run", "--set", "dead.letter.positions=" + position)
                        .code())
                .isZero();
    }

    private void stopsAt(Outcome outcome, String topic, long offset, String program) {
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.error())
                .contains(topic + " partition 1 offset " + offset, "fingerprint", "--set dead.letter.positions=");
        try (KafkaCluster connected = KafkaCluster.open(cluster.settings())) {
            assertThat(connected
                            .positions(cluster.topics().group(program), topic)
                            .get(1))
                    .isLessThanOrEqualTo(offset);
        }
        assertThat(deadLetters(program.split("\\.", 2)[0])).isEmpty();
    }

    @Test
    void aPartitionOfRefusedRecordsIsCoveredToo() {
        for (int i = 0; i < 20; i++) {
            cluster.score("good " + i, Scored.of("good " + i, i).bytes(), i % 2);
            cluster.score("bad " + i, new byte[] {1, 2}, 2);
        }

        Outcome calibrated = cluster.calibrate();
        Outcome frozen = cluster.freeze("run", "--bands", "low,high");

        assertThat(calibrated.code()).as(calibrated.error()).isZero();
        assertThat(calibrated.json())
                .singleElement()
                .satisfies(version -> assertThat(version.get("count").asInt()).isEqualTo(20));
        assertThat(frozen.code()).as(frozen.error()).isZero();
    }

    @Test
    void refusesSettingsThatDoNotFitTheStateUntilItIsReset() {
        List<Scored> documents = Scored.many(900, 3);
        cluster.score(documents);
        String[] small = {"--set", "calibrator.stratum.minimum.scores=1"};
        String[] fewer = {
            "--set",
            "calibrator.stratum.minimum.scores=1",
            "--set",
            "calibrator.strata=domain",
            "--set",
            "calibrator.half.life.documents=3000"
        };
        cluster.calibrate(small);

        Outcome changed = cluster.calibrate(quickly(fewer));
        List<String> resetting = new ArrayList<>(List.of(fewer));
        resetting.add("--reset");
        Outcome reset = cluster.calibrate(quickly(resetting.toArray(String[]::new)));

        assertThat(changed.code()).isEqualTo(1);
        assertThat(changed.error())
                .contains(
                        "domain,language,source", "calibrator.strata=domain", "half-life of 1000", "calibrate --reset");
        assertThat(reset.code()).as(reset.error()).isZero();
        assertThat(reset.first().get("version").asInt()).isEqualTo(2);
        assertThat(reset.first().get("count").asInt()).isEqualTo(900);
        assertThat(cluster.run(new CutsCommand(), "show", "--json").json())
                .extracting(stratum -> stratum.get("stratum").asText())
                .containsExactlyInAnyOrder("all", "domain=books", "domain=code", "domain=web");
        assertThat(cluster.calibrate(fewer).code()).isZero();
    }

    @Test
    void makesNoPlanOfCutsOverAMixtureUnlessAllowed() {
        List<Scored> documents = Scored.many(300, 3);
        cluster.score(
                documents.subList(0, 100).stream().map(each -> each.in("fp32")).toList());
        cluster.score(documents.subList(100, 200));
        cluster.calibrate();
        assertThat(cluster.freeze("older").code()).as("some do not record it").isZero();
        cluster.score(documents.subList(200, 300).stream()
                .map(each -> each.in("bf16"))
                .toList());
        cluster.calibrate();

        Outcome refused = cluster.freeze("run");
        Outcome shorthand = cluster.select("--plan", "high-50");

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.error())
                .contains("dtype fp32, max.windows 0, context token 5", "dtype bf16", "--mix-revisions");
        assertThat(shorthand.error()).contains("--mix-revisions");
        assertThat(cluster.freeze("run", "--mix-revisions").code()).isZero();
        assertThat(cluster.select("--plan", "high-50", "--mix-revisions").code())
                .isZero();
    }

    @Test
    void oneUnreadablePlanLeavesTheOthersUsable() {
        cluster.score(Scored.many(50, 3));
        cluster.calibrate();
        cluster.freeze("good", "--bands", "low,high");
        String plans = cluster.topics().plans().name();
        cluster.write(List.of(new ProducerRecord<>(plans, HeaderNames.bytes("bad"), new byte[] {1, 2, 3})));

        Outcome listed = cluster.run(new PlansCommand(), "--json");
        Outcome bad = cluster.select("--plan", "bad");
        Outcome again = cluster.freeze("bad");

        assertThat(listed.code()).isZero();
        assertThat(listed.json()).extracting(plan -> plan.get("plan").asText()).containsExactly("good");
        assertThat(cluster.select("--plan", "good").code()).isZero();
        assertThat(cluster.run(new CutsCommand(), "list", "--json").json()).hasSize(1);
        for (Outcome named : List.of(bad, again)) {
            assertThat(named.code()).isEqualTo(1);
            assertThat(named.error()).contains("plan 'bad'", plans + " partition 0 offset");
        }
    }

    @Test
    void neitherReadsNorCreatesAMissingTopic() {
        String missing = cluster.topics().prefix() + "mistyped";
        String setting = "selector.scored.topic=" + missing;

        for (Outcome outcome : List.of(
                cluster.calibrate("--set", setting),
                cluster.freeze("run", "--set", setting),
                cluster.select("--plan", "high-50", "--set", setting),
                cluster.run(new CutsCommand(), "list", "--set", setting),
                cluster.run(new PlansCommand(), "--set", setting))) {
            assertThat(outcome.code()).as(outcome.out()).isEqualTo(1);
            assertThat(outcome.error()).contains("there is no topic " + missing);
        }
        assertThat(cluster.topicNames())
                .containsExactly(cluster.topics().scoredDocuments().name());
    }

    @Test
    void aJobOverAnEmptyTopicHasNothingToDo() {
        assertThat(cluster.calibrate().code()).isZero();
        cluster.score(Scored.many(10, 1));
        cluster.calibrate();
        cluster.freeze("run");
        Outcome selected = cluster.select("--plan", "run", "--set", "selector.scored.topic=unused");

        assertThat(selected.code()).as("a stored plan has its own topic").isZero();
    }

    @Test
    void theFolderOfStateBelongsToOneProcess() {
        cluster.score(Scored.many(10, 1));
        FolderLock other = FolderLock.take(folder.resolve(cluster.topics().group("calibrator")));

        Outcome refused = cluster.calibrate();
        other.close();

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.error())
                .contains("in use by process " + ProcessHandle.current().pid());
        assertThat(cluster.calibrate().code()).isZero();
    }
}
