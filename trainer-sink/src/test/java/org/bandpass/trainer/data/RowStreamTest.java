package org.bandpass.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.bandpass.trainer.run.OnOneBroker;
import org.bandpass.trainer.run.TinyRuns;
import org.bandpass.trainer.run.TrainerSettingsTest;
import org.bandpass.trainer.run.TrainerTopics;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows from a real topic, against a packer that concatenates everything and then cuts it. */
class RowStreamTest extends OnOneBroker {

    private static final int WIDTH = 32;
    private static final Shuffle SHUFFLE = new Shuffle(4, 20, 1 << 20);

    private static TextTokenizer tokenizer;

    @BeforeAll
    static void start(@TempDir Path folder) {
        tokenizer = TextTokenizer.load(new TinyRuns(folder, TrainerSettingsTest.parse(), Stop.byRequest()).tokenizer());
    }

    @AfterAll
    static void stop() {
        tokenizer.close();
    }

    @Test
    void losesNoTokenAndPredictsEachOnce() {
        topics.score(Texts.documents(SplitPart.FINAL, 60, 20));

        List<int[]> rows = rows(topics.topics().scoredDocuments(), 7, DataPosition.START, 2);

        List<Integer> naive = naive(topics.topics().scoredDocuments(), 7, 2);
        assertThat(rows).hasSize((naive.size() - 1) / WIDTH);
        for (int r = 0; r < rows.size(); r++) {
            assertThat(list(rows.get(r))).isEqualTo(naive.subList(r * WIDTH, r * WIDTH + WIDTH + 1));
        }
        // Two passes over about two thousand tokens.
        assertThat(rows).hasSizeGreaterThan(60);
    }

    @Test
    void givesTheSameRowsWhateverTheMarkers() {
        List<Document> documents = Texts.documents(SplitPart.FINAL, 60, 20);
        TopicSpec one = topics.topics().scored(topics.topics().prefix() + "one");
        TopicSpec many = topics.topics().scored(topics.topics().prefix() + "many");
        topics.write(one, documents, 1_000);
        for (int i = 0; i < documents.size(); i += 6) {
            topics.write(many, documents.subList(i, i + 6), 1 + i % 4);
            topics.abort(many, Texts.documents(SplitPart.FINAL, 1 + i % 5, 50));
        }

        assertThat(lists(rows(many, 7, DataPosition.START, 2))).isEqualTo(lists(rows(one, 7, DataPosition.START, 2)));
        assertThat(lists(rows(many, 8, DataPosition.START, 2)))
                .isNotEqualTo(lists(rows(one, 7, DataPosition.START, 2)));
    }

    @Test
    void continuesFromEveryPosition() {
        topics.score(Texts.documents(SplitPart.FINAL, 40, 14));
        TopicSpec topic = topics.topics().scoredDocuments();
        List<StepRows> steps = steps(topic, 7, DataPosition.START, 2, 3);
        List<int[]> all = new ArrayList<>();
        steps.forEach(step -> all.addAll(Arrays.asList(step.rows())));

        for (int s = 0; s < steps.size(); s += 5) {
            List<StepRows> rest = steps(topic, 7, steps.get(s).after(), 2, 3);
            List<int[]> rows = new ArrayList<>();
            rest.forEach(step -> rows.addAll(Arrays.asList(step.rows())));
            assertThat(lists(rows)).isEqualTo(lists(all.subList(3 * (s + 1), all.size())));
            assertThat(rest.stream().map(StepRows::after).toList())
                    .isEqualTo(steps.subList(s + 1, steps.size()).stream()
                            .map(StepRows::after)
                            .toList());
            assertThat(rest.stream().map(step -> list(step.trained())).toList())
                    .isEqualTo(steps.subList(s + 1, steps.size()).stream()
                            .map(step -> list(step.trained()))
                            .toList());
        }
    }

    @Test
    void countsWhatIsTrainedOfEachPartitionInTheFirstPass() {
        topics.score(Texts.documents(SplitPart.FINAL, 40, 14));

        List<StepRows> steps = steps(topics.topics().scoredDocuments(), 7, DataPosition.START, 2, 3);

        for (StepRows step : steps) {
            int sum = Arrays.stream(step.trained()).sum();
            assertThat((long) sum)
                    .isEqualTo(step.after().epoch() > 0 ? 40 : step.after().document());
        }
        assertThat(steps.get(steps.size() - 1).trained()).containsExactly(14, 13, 13);
    }

    @Test
    void skipsDocumentsWithoutTokens() {
        List<Document> documents = new ArrayList<>(Texts.documents(SplitPart.FINAL, 20, 14));
        documents.add(7, Texts.document("", SplitPart.FINAL));
        documents.add(Texts.document("", SplitPart.FINAL));
        topics.score(documents);

        List<int[]> rows = rows(topics.topics().scoredDocuments(), 7, DataPosition.START, 3);

        List<Integer> ids = new ArrayList<>();
        rows.forEach(row -> ids.addAll(list(row).subList(1, row.length)));
        for (int i = 1; i < ids.size(); i++) {
            assertThat(ids.get(i) == 0 && ids.get(i - 1) == 0).isFalse();
        }
    }

    @Test
    void failsWhereNoDocumentHasTokens() {
        topics.score(List.of(Texts.document("", SplitPart.FINAL), Texts.document("", SplitPart.FINAL)));

        assertThatThrownBy(() -> rows(topics.topics().scoredDocuments(), 7, DataPosition.START, 0))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("no token");
    }

    @Test
    void packsTheIdsOfSequences() {
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < 99; i++) {
            ids.add(1 + i);
        }
        topics.score(List.of(Texts.sequence(ids, tokenizer.revision())));

        List<int[]> rows = rows(topics.topics().scoredDocuments(), 7, DataPosition.START, 1);

        ids.add(0, tokenizer.endOfText());
        assertThat(lists(rows)).containsExactly(ids.subList(0, 33), ids.subList(32, 65), ids.subList(64, 97));
        assertThatThrownBy(() -> {
                    try (TrainerTopics other = new TrainerTopics(broker)) {
                        other.score(List.of(Texts.sequence(ids, "other")));
                        rows(other.topics().scoredDocuments(), 7, DataPosition.START, 1);
                    }
                })
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("tokenizer other");
    }

    @Test
    void aSequenceAsLongAsARowIsTrainedOnAsItWasScored() {
        List<List<Integer>> sequences = new ArrayList<>();
        for (int s = 0; s < 20; s++) {
            List<Integer> ids = new ArrayList<>();
            for (int i = 0; i < WIDTH; i++) {
                ids.add(1 + (7 * s + 3 * i) % 200);
            }
            sequences.add(ids);
        }
        topics.score(sequences.stream()
                .map(ids -> Texts.sequence(ids, tokenizer.revision()))
                .toList());

        List<List<Integer>> rows = lists(rows(topics.topics().scoredDocuments(), 7, DataPosition.START, 2));

        sequences.forEach(ids -> ids.add(0, tokenizer.endOfText()));
        assertThat(rows.subList(0, 20))
                .containsExactlyInAnyOrderElementsOf(sequences)
                .isNotEqualTo(sequences);
        assertThat(rows.subList(20, 40)).containsExactlyInAnyOrderElementsOf(sequences);
    }

    @Test
    void detectsDeletedRecords() {
        topics.score(Texts.documents(SplitPart.FINAL, 30, 20));
        DocumentDecoder decoder = new DocumentDecoder(
                RunData.control(topics.topics().scoredDocuments()), "t", 300, DeadLetterPositions.NONE);
        try (Consumer<byte[], byte[]> consumer = topics.consumer();
                Stop stop = Stop.byRequest()) {
            DataSet data = new ScanDocuments(decoder, 64, stop)
                    .scan(
                            consumer,
                            topics.snapshot(consumer, decoder.data().topic().name()));
            ShuffleWindow window = new SeededOrder(data.blocks(), 1, new Shuffle(64, 999, 1 << 20))
                    .windows(0)
                    .get(0);
            assertThat(new ReadWindow(consumer, data, decoder).read(window))
                    .hasSize(30)
                    .doesNotContainNull();
            topics.deleteRecords(decoder.data().topic().name(), 5);

            assertThatThrownBy(() -> new ReadWindow(consumer, data, decoder).read(window))
                    .isInstanceOf(ProgramFailure.class)
                    .hasMessageContaining("no longer holds at offset");
        }
    }

    private List<int[]> rows(TopicSpec topic, long seed, DataPosition from, int passes) {
        List<int[]> rows = new ArrayList<>();
        steps(topic, seed, from, passes, 1).forEach(step -> rows.add(step.rows()[0]));
        return rows;
    }

    private List<StepRows> steps(TopicSpec topic, long seed, DataPosition from, int passes, int rowsPerStep) {
        DocumentDecoder decoder = new DocumentDecoder(
                RunData.control(topic), tokenizer.revision(), tokenizer.vocabularySize(), DeadLetterPositions.NONE);
        List<StepRows> steps = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = topics.consumer();
                Stop stop = Stop.byRequest()) {
            DataSet data = new ScanDocuments(decoder, SHUFFLE.blockRecords(), stop)
                    .scan(consumer, topics.snapshot(consumer, topic.name()));
            DocumentStream documents = new DocumentStream(
                    new SeededOrder(data.blocks(), seed, SHUFFLE),
                    new ReadWindow(consumer, data, decoder),
                    from.epoch(),
                    from.document());
            RowStream rows = new RowStream(documents, tokenizer, WIDTH, passes, from);
            for (StepRows step = rows.step(rowsPerStep); step != null; step = rows.step(rowsPerStep)) {
                steps.add(step);
            }
        }
        return steps;
    }

    /** All ids in the seeded order, from records that an independent reader has counted. */
    private List<Integer> naive(TopicSpec topic, long seed, int passes) {
        AvroSerde<ScoredDocument> serde = AvroSerde.of(ScoredDocument.class);
        List<List<String>> byPartition = new ArrayList<>();
        for (int p = 0; p < TrainerTopics.PARTITIONS; p++) {
            byPartition.add(new ArrayList<>());
        }
        for (ConsumerRecord<byte[], byte[]> record : topics.records(topic.name())) {
            byPartition
                    .get(record.partition())
                    .add(serde.read(record.value()).getDocument().getText());
        }
        List<DataBlock> blocks = new ArrayList<>();
        for (int p = 0; p < byPartition.size(); p++) {
            List<String> texts = byPartition.get(p);
            for (int first = 0; first < texts.size(); first += SHUFFLE.blockRecords()) {
                int records = Math.min(SHUFFLE.blockRecords(), texts.size() - first);
                blocks.add(new DataBlock(p, first, records, 1));
            }
        }
        List<Integer> ids = new ArrayList<>();
        for (int epoch = 0; epoch < passes; epoch++) {
            Set<String> seen = new HashSet<>();
            for (ShuffleWindow window : new SeededOrder(blocks, seed, SHUFFLE).windows(epoch)) {
                List<String> slots = new ArrayList<>();
                window.blocks()
                        .forEach(
                                b -> slots.addAll(byPartition.get(b.partition()).subList(b.first(), b.end())));
                for (int slot : window.order()) {
                    assertThat(seen.add(slots.get(slot))).isTrue();
                    ids.add(tokenizer.endOfText());
                    ids.addAll(list(tokenizer.encode(slots.get(slot))));
                }
            }
            assertThat(seen).hasSize(60);
        }
        return ids;
    }

    private static List<Integer> list(int[] ids) {
        return Arrays.stream(ids).boxed().toList();
    }

    private static List<List<Integer>> lists(List<int[]> rows) {
        return rows.stream().map(RowStreamTest::list).toList();
    }
}
