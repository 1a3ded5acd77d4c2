package org.bandpass.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.DocumentId;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.Score;
import org.bandpass.schemas.Split;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.Unit;
import org.bandpass.scorer.ScorerCluster.Place;
import org.bandpass.scorer.ScorerCluster.Scored;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Records and topics that stop the scorer, and how a user gets past them. */
@Timeout(600)
class ScorerStopsTest extends OnACluster {

    private static final byte[] NEWER = {(byte) 0xC3, 1, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0};

    @Test
    void stopsAtAnUnknownSchemaUntilItsPositionIsAllowed() {
        ingest("newer", NEWER, Texts.finalDocument("one"));
        ConsumerRecord<byte[], byte[]> newer = recordOf("newer");

        assertThatThrownBy(() -> catchUp())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining(newer.topic())
                .hasMessageContaining("partition " + newer.partition())
                .hasMessageContaining("offset " + newer.offset())
                .hasMessageContaining("fingerprint 102030405060708")
                .hasMessageContaining("dead.letter.positions=" + position(newer));
        assertThat(cluster.deadLetters()).isEmpty();
        assertThat(cluster.lag()).isPositive();

        catchUp("dead.letter.positions=" + position(newer));

        assertLetters("unknown-schema", newer);
        assertThat(cluster.scored()).hasSize(1);
        assertThat(cluster.lag()).isZero();
    }

    @Test
    void stopsAtADocumentOfAnotherSplitUntilItsPositionIsAllowed() {
        cluster.ingest(List.of(Texts.finalDocument("one")));
        catchUp();
        Document other = Texts.document("two", SplitPart.FINAL, new Split(18, 0.05, 0.2));
        cluster.ingest(List.of(other, Texts.finalDocument("three")));
        ConsumerRecord<byte[], byte[]> record = recordOf(other.getId());

        assertThatThrownBy(() -> catchUp())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("dead.letter.positions=" + position(record))
                .hasMessageContaining("seed 17")
                .hasMessageContaining("seed 18");

        catchUp("dead.letter.positions=" + position(record));

        assertLetters("other-split", record);
        assertThat(cluster.deadLetters().get(0).getDetail()).contains("seed 17").contains("seed 18");
        assertThat(cluster.scored())
                .extracting(scored -> scored.value().getDocument().getText())
                .containsExactlyInAnyOrder("one", "three");
    }

    @Test
    void stopsAtASequenceOfAnotherTokenizerUntilItsPositionIsAllowed() {
        Document sequence = Document.newBuilder(Texts.finalDocument(""))
                .setId(DocumentId.of(new int[] {1, 2}))
                .setUnit(Unit.SEQUENCE)
                .setTokenIds(List.of(1, 2))
                .setTokenizerRevision("another")
                .build();
        cluster.ingest(List.of(sequence, Texts.finalDocument("one")));
        ConsumerRecord<byte[], byte[]> record = recordOf(sequence.getId());

        assertThatThrownBy(() -> catchUp())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("tokenizer another")
                .hasMessageContaining("dead.letter.positions=" + position(record));

        catchUp("dead.letter.positions=" + position(record));

        assertLetters("other-tokenizer", record);
        assertThat(cluster.scored()).hasSize(1);
    }

    @Test
    void refusesADocumentWithoutAPartOfTheSplit() {
        cluster.producer().beginTransaction();
        sendWith("without", "other", "x");
        sendWith("misspelled", HeaderNames.SPLIT, "Final");
        cluster.send(Texts.document("held out", SplitPart.HELD_OUT, Texts.SPLIT));
        cluster.send(Texts.finalDocument("one"));
        Clients.commit(cluster.producer());

        catchUp();

        assertThat(cluster.scored()).hasSize(1);
        assertThat(cluster.deadLetters())
                .extracting(DeadLetter::getReason)
                .containsExactly("missing-split", "missing-split");
        assertThat(cluster.lag()).isZero();
    }

    private void sendWith(String text, String header, String value) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                cluster.topics().documents().name(), bytes(text), ScorerCluster.bytes(Texts.finalDocument(text)));
        record.headers().add(header, bytes(value));
        cluster.producer().send(record);
    }

    @Test
    void ignoresAForeignRecordAmongTheScoresWhenItsPositionIsAllowed() {
        cluster.ingest(List.of(Texts.finalDocument("one")));
        catchUp();
        Scored one = cluster.scored().get(0);
        String scored = cluster.topics().scoredDocuments().name();
        cluster.producer().beginTransaction();
        cluster.producer().send(new ProducerRecord<>(scored, one.source().partition(), null, bytes("test")));
        Clients.commit(cluster.producer());
        cluster.forgetPositions();
        cluster.ingest(List.of(Texts.finalDocument("two")));
        long offset = cluster.records(scored).stream()
                .filter(record -> record.key() == null)
                .findFirst()
                .orElseThrow()
                .offset();
        String position = scored + "-" + one.source().partition() + "@" + offset;

        assertThatThrownBy(() -> catchUp())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("dead.letter.positions=" + position);

        catchUp("dead.letter.positions=" + position);

        assertThat(cluster.records(scored)).hasSize(3);
        assertThat(cluster.lag()).isZero();
    }

    @Test
    void refusesADocumentWhoseScoreTheClusterRefuses() {
        cluster.limitScores(2_000);
        Document large = Texts.finalDocument(Texts.words(5, 40_000));
        cluster.ingest(List.of(Texts.finalDocument("one"), large, Texts.finalDocument("two")));

        catchUp();

        assertLetters("over-record-limit", recordOf(large.getId()));
        assertThat(cluster.deadLetters().get(0).getDetail())
                .contains(cluster.topics().scoredDocuments().name())
                .contains("max.message.bytes");
        assertThat(cluster.scored()).hasSize(2);
        assertThat(cluster.lag()).isZero();
    }

    @Test
    void recordsHowScoresAreMade() {
        cluster.ingest(List.of(Texts.finalDocument("one")));

        catchUp("scorer.max.windows=3");

        Score score = cluster.scored().get(0).value().getScore();
        assertThat(score.getDtype()).isEqualTo("fp32");
        assertThat(score.getMaxWindows()).isEqualTo(3);
        assertThat(score.getContextToken()).as("the end-of-text token").isZero();
    }

    @Test
    void refusesScoresThatWereMadeInAnotherWay() {
        cluster.ingest(List.of(Texts.finalDocument("one")));
        catchUp();
        cluster.ingest(List.of(Texts.finalDocument("two")));

        try (ReferenceModel fp32 = TestModels.uniform(tokenizer())) {
            ReferenceModel bf16 = TestModels.withDtype(fp32, "bf16");
            assertThatThrownBy(() -> cluster.catchUp(bf16))
                    .isInstanceOf(ProgramFailure.class)
                    .hasMessageContaining("dtype fp32")
                    .hasMessageContaining("dtype bf16")
                    .hasMessageContaining("--mix-revisions");
            ReferenceModel begun = new ReferenceModel(
                    fp32.devices(), fp32.tokenizer(), fp32.tokenizer().contextToken("7"), "fp32");
            assertThatThrownBy(() -> cluster.catchUp(begun))
                    .isInstanceOf(ProgramFailure.class)
                    .hasMessageContaining("context token 0")
                    .hasMessageContaining("context token 7");
        }
        assertThatThrownBy(() -> catchUp("scorer.max.windows=2"))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("max windows unlimited")
                .hasMessageContaining("max windows 2");
        assertThat(cluster.scored()).hasSize(1);
    }

    /** Both start on an empty topic. */
    @Test
    void refusesOneOfTwoScorersThatBeginTogether() throws Exception {
        try (Stop stop = Stop.byRequest();
                ReferenceModel fp32 = TestModels.uniform(tokenizer())) {
            CompletableFuture<Void> first = cluster.start(fp32, stop);
            CompletableFuture<Void> second = cluster.start(TestModels.withDtype(fp32, "bf16"), stop);
            ScorerCluster.await("a share for each", () -> cluster.shares().equals(List.of(1, 2)));

            cluster.ingest(Texts.documents(1, 60));

            ScorerCluster.await(
                    "a refusal", () -> first.isCompletedExceptionally() || second.isCompletedExceptionally());
            stop.request();
            assertThat(List.of(first, second))
                    .anySatisfy(scorer -> assertThatThrownBy(scorer::get)
                            .cause()
                            .isInstanceOf(ProgramFailure.class)
                            .hasMessageContaining("dtype fp32")
                            .hasMessageContaining("dtype bf16"));
        }
    }

    @Test
    void addsToScoresThatDoNotRecordHowTheyWereMade() {
        cluster.ingest(List.of(Texts.finalDocument("one")));
        catchUp();
        try (ScorerCluster older = new ScorerCluster(broker())) {
            older.ingest(List.of(Texts.finalDocument("one")));
            Scored newer = cluster.scored().get(0);
            older.producer().beginTransaction();
            older.producer()
                    .send(asOlderVersion(newer, older.topics().scoredDocuments().name()));
            Clients.commit(older.producer());
            older.ingest(List.of(Texts.finalDocument("two")));

            String said;
            try (ReferenceModel model = TestModels.uniform(tokenizer())) {
                said = Stderr.of(() -> older.catchUp(model));
            }

            assertThat(said).containsOnlyOnce("do not record how they were made");
            assertThat(older.scored())
                    .extracting(Scored::source)
                    .isEqualTo(older.finals().stream().map(Place::of).toList());
        }
    }

    private static ProducerRecord<byte[], byte[]> asOlderVersion(Scored scored, String topic) {
        Score old = Score.newBuilder(scored.value().getScore())
                .setDtype(null)
                .setMaxWindows(null)
                .setContextToken(null)
                .build();
        return new ProducerRecord<>(
                topic,
                scored.record().partition(),
                scored.record().key(),
                ScorerCluster.bytes(old, scored.value().getDocument()),
                scored.record().headers());
    }

    @Test
    void refusesAPrefixWithoutDocuments() {
        assertThatThrownBy(() -> catchUp("topic.prefix=mistyped."))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("there is no topic mistyped.documents")
                .hasMessageContaining(cluster.topics().prefix());
        assertThat(cluster.topicNames()).noneMatch(topic -> topic.startsWith("mistyped."));
    }

    @Test
    void waitsForATopicAndThenForDocuments() {
        String prefix = cluster.topics().prefix() + "later.";
        String said;
        try (Stop stop = Stop.byRequest();
                ReferenceModel model = TestModels.uniform(tokenizer())) {
            ScorerSettings settings = cluster.settings("topic.prefix=" + prefix);
            said = Stderr.of(() -> {
                CompletableFuture<Void> scorer = CompletableFuture.runAsync(
                        () -> ScorerCluster.scorer(settings, model, false, ScoredDocumentWriter.producers(settings))
                                .follow(stop, null, true),
                        task -> new Thread(task).start());
                cluster.createDocuments(prefix);
                ScorerCluster.await("a member", () -> cluster.topicNames().contains(prefix + "scored-documents"));
                stop.request();
                scorer.join();
            });
        }

        assertThat(said).containsOnlyOnce("topic " + prefix + "documents is empty");
    }

    @Test
    void aJobOnAnEmptyTopicHasNothingToDo() {
        ScorerSettings settings = cluster.settings();
        String out;
        try (Stop stop = Stop.byRequest();
                ReferenceModel model = TestModels.uniform(tokenizer())) {
            out = ScorerCluster.printed(
                    tally -> new Scorer(settings, model, false, ScoredDocumentWriter.producers(settings), tally)
                            .follow(stop, ScorerCluster.PATIENCE, false),
                    model);
        }

        assertThat(out)
                .startsWith(
                        "nothing to do: topic " + cluster.topics().documents().name());
    }

    private void ingest(String key, byte @Nullable [] value, Document... documents) {
        cluster.producer().beginTransaction();
        cluster.send(key, SplitPart.FINAL, value);
        for (Document document : documents) {
            cluster.send(document);
        }
        Clients.commit(cluster.producer());
    }

    private ConsumerRecord<byte[], byte[]> recordOf(String key) {
        return cluster.finals().stream()
                .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(key))
                .findFirst()
                .orElseThrow();
    }

    private void assertLetters(String reason, ConsumerRecord<?, ?> record) {
        List<String> letters = new ArrayList<>();
        cluster.deadLetters()
                .forEach(letter -> letters.add(letter.getReason() + " " + letter.getTopic() + "-"
                        + letter.getPartition() + "@" + letter.getOffset()));
        assertThat(letters).containsExactly(reason + " " + position(record));
    }

    private static String position(ConsumerRecord<?, ?> record) {
        return record.topic() + "-" + record.partition() + "@" + record.offset();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
