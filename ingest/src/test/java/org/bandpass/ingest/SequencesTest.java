package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.sources.SampleFiles.line;
import static org.bandpass.sources.SampleFiles.lines;
import static org.bandpass.sources.SampleFiles.write;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.ingest.PackedByHand.Sequence;
import org.bandpass.languagemodel.tokenizer.BytePairTrainer;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.IngestProgress;
import org.bandpass.schemas.Split;
import org.bandpass.schemas.Unit;
import org.bandpass.service.ProgramFailure;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sequences on a real broker, against sequences packed by hand. */
@Timeout(300)
class SequencesTest {

    private static final int TOKENS = 32;

    private static EmbeddedBroker broker;

    @TempDir
    private Path folder;

    private IngestCluster cluster;
    private TextTokenizer tokenizer;
    private PackedByHand byHand;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start();
    }

    @AfterAll
    static void closeBroker() {
        broker.close();
    }

    @BeforeEach
    void takeTopics() {
        cluster = new IngestCluster(broker);
        BytePairTrainer.train(texts(300, 1).iterator(), 400, folder.resolve("tokenizer.json"));
        tokenizer = TextTokenizer.load(folder);
        byHand = new PackedByHand(tokenizer, TOKENS);
    }

    @AfterEach
    void close() {
        tokenizer.close();
        cluster.close();
    }

    @Test
    void packsDocumentsOfADomainAndPart() {
        JsonNode summary = pack(file("a.jsonl", texts(600, 2)), "--name", "n");

        assertThat(byHand.sequences()).hasSizeGreaterThan(100);
        assertSequences("n");
        assertThat(summary.path("read").asInt()).isEqualTo(600);
        assertThat(summary.path("ingested").asInt()).isEqualTo(600);
        assertThat(summary.path("sequences").asInt())
                .isEqualTo(byHand.sequences().size());
        assertThat(summary.path("tokensWaiting").asInt()).isEqualTo(byHand.tokensWaiting());
    }

    /** Each run ends in the middle of sequences, and the next run must continue them. */
    @Test
    void goesOnWithWhatIsLeftOverFilesAndRuns() {
        List<String> texts = texts(400, 3);
        int from = 0;
        for (int to : List.of(1, 3, 50, 51, 200, 399, 400)) {
            JsonNode summary = pack(file(to + ".jsonl", texts.subList(from, to)));
            assertThat(summary.path("tokensWaiting").asInt()).isEqualTo(byHand.tokensWaiting());
            assertSequences("default");
            from = to;
        }
        assertThat(pack(folder.resolve("400.jsonl")).path("filesSkipped").asInt())
                .isEqualTo(1);
        assertSequences("default");
    }

    @Test
    void carriesTheFieldsThatReadersCheck() {
        pack(file("a.jsonl", List.of("word ".repeat(200), "next ".repeat(100))));

        assertThat(cluster.records()).isNotEmpty();
        for (ConsumerRecord<byte[], byte[]> record : cluster.records()) {
            Document sequence = AvroSerde.of(Document.class).read(record.value());
            // The scorer and the trainer refuse another revision, ids outside of the vocabulary, and empty sequences.
            assertThat(sequence.getUnit()).isEqualTo(Unit.SEQUENCE);
            assertThat(sequence.getTokenizerRevision()).isEqualTo(tokenizer.revision());
            assertThat(sequence.getTokenIds())
                    .hasSize(TOKENS)
                    .allMatch(id -> id >= 0 && id < tokenizer.vocabularySize());
            assertThat(sequence.getText()).isEmpty();
            // Bits per byte need the bytes.
            assertThat(sequence.getBytes()).isPositive();
            assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo(sequence.getId());
            assertThat(HeaderNames.isPart(record.headers(), sequence.getSplit().getPart()))
                    .isTrue();
            assertThat(Split.of(sequence.getSplit())).isEqualTo(new Split(17, 0.05, 0.2));
        }
    }

    @Test
    void knowsTheLastDocumentsOfEarlierRunsExactly() {
        // However slow the machine is, only the number of records closes a transaction.
        String[] window = {
            "--set", "ingest.duplicates.window=4", "--set", "ingest.batch.records=3", "--set", "ingest.batch.ms=30000"
        };
        pack(write(folder.resolve("a.jsonl"), lines("a", 0, 11)), window);
        // The last four are 7 to 10; each admitted document pushes out the oldest.
        Path more = write(
                folder.resolve("b.jsonl"),
                line("a 6") + "\n" + line("a 7") + "\n" + line("a 8") + "\n" + line("a 10") + "\n");
        JsonNode summary = pack(
                more,
                Stream.concat(Stream.of(window), Stream.of("--name", "other")).toArray(String[]::new));

        assertThat(summary.path("ingested").asInt()).isEqualTo(3);
        assertThat(summary.path("rejectedByReason").path("duplicate").asInt()).isEqualTo(1);
        assertThat(cluster.progress().keySet().stream().filter(key -> key.startsWith("default/admitted/")))
                .as("blocks of three ids; those beyond the window are gone")
                .containsExactly("default/admitted/6", "default/admitted/9");
    }

    @Test
    void writesManyIdsInRecordsThatFit() {
        // Of 1,500 ids in one transaction, a record holds 625.
        Path many = write(folder.resolve("a.jsonl"), lines("a", 0, 1_500));
        String[] small = {"--set", "document.max.bytes=20000", "--set", "ingest.batch.ms=30000"};
        pack(many, small);
        assertThat(cluster.progress().keySet().stream().filter(key -> key.contains("/admitted/")))
                .containsExactlyInAnyOrder("default/admitted/0", "default/admitted/625", "default/admitted/1250");

        write(many, lines("a", 0, 1_501));
        assertThat(pack(
                                many,
                                Stream.concat(Stream.of(small), Stream.of("--name", "other"))
                                        .toArray(String[]::new))
                        .path("rejectedByReason")
                        .path("duplicate")
                        .asInt())
                .isEqualTo(1_500);
    }

    @Test
    void refusesWhatIsLargerThanADocumentMayBe() {
        Path file = write(folder.resolve("a.jsonl"), line("x ".repeat(10_001)) + "\n" + line("y"));
        JsonNode summary = pack(file, "--set", "document.max.bytes=20000");
        assertThat(summary.path("rejectedByReason").toString()).isEqualTo("{\"over-record-limit\":1}");
        assertThat(summary.path("ingested").asInt()).isEqualTo(1);
    }

    @Test
    void aTextAtWhichTheNativeTokenizerPanicsIsADeadLetter() {
        Path nested = write(folder.resolve("nested.json"), """
                {"added_tokens": [{"id": 2, "content": "<|endoftext|>", "single_word": false, "lstrip": false,
                 "rstrip": false, "normalized": false, "special": true}],
                 "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "(a+)+b"}, "behavior": "Isolated", "invert": false},
                 "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "<|endoftext|>": 2}, "merges": []}}
                """);
        Path file = write(folder.resolve("a.jsonl"), line("ab") + "\n" + line("a".repeat(30)) + "\n" + line("aab"));

        JsonNode summary = pack(file, "--tokenizer", nested.toString());

        assertThat(summary.path("rejectedByReason").toString()).isEqualTo("{\"tokenizer-failed\":1}");
        assertThat(summary.path("ingested").asInt()).isEqualTo(2);
    }

    @Test
    void refusesToMixUnitsAndTokenizers() {
        Path file = write(folder.resolve("a.jsonl"), lines("a", 0, 2));
        pack(file);
        // So few documents that all tokens wait: tokens in packers count too.
        assertThat(cluster.written()).isZero();
        Path more = write(folder.resolve("b.jsonl"), lines("b", 0, 200));
        assertRefused(
                cluster.ingest(more), "in the packers of ingest 'default' wait tokens for sequences of 32 tokens");
        assertRefused(sequences(more, "--seed", "18"), "of the split (seed 17, ");
        assertRefused(sequences(more, "--sequence-tokens", "64"), "these would be sequences of 64 tokens");

        pack(more);
        assertThat(cluster.written()).isPositive();
        assertRefused(cluster.ingest(more, "--name", "other"), "these would be whole documents");
        Path other = folder.resolve("other");
        BytePairTrainer.train(texts(300, 9).iterator(), 300, write(other, "").toAbsolutePath());
        assertRefused(sequences(more, "--tokenizer", other.toString()), "of tokenizer " + tokenizer.revision());

        cluster.close();
        cluster = new IngestCluster(broker);
        cluster.ingest(more);
        assertRefused(sequences(more), "holds whole documents, and these would be sequences of 32 tokens");
    }

    @Test
    void boundsTheNumberOfPackers() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            lines.append(line(Map.of("text", "some words " + i, "domain", "d" + i % 5)))
                    .append('\n');
            byHand.add(i % 5 < 2 ? "d" + i % 5 : "other", "some words " + i);
        }
        Path first = write(folder.resolve("a.jsonl"), lines.toString());
        CommandRun run = sequences(first, "--set", "ingest.sequence.max.domains=2");
        assertThat(run.talk()).containsOnlyOnce("more than 2 domains").contains("packed under the domain 'other'");
        assertSequences("default");

        byHand.add("d1", "d1 stays");
        byHand.add("other", "d7 does not come in");
        Path second = write(
                folder.resolve("b.jsonl"),
                line(Map.of("text", "d1 stays", "domain", "d1")) + "\n"
                        + line(Map.of("text", "d7 does not come in", "domain", "d7")));
        JsonNode summary = sequences(second, "--json", "--set", "ingest.sequence.max.domains=2")
                .summary();
        assertThat(summary.path("tokensWaiting").asInt()).isEqualTo(byHand.tokensWaiting());
        assertSequences("default");
    }

    @Test
    void dryRunSaysWhichDocumentsWouldBePacked() {
        Path file = write(folder.resolve("a.jsonl"), lines("a", 0, 5) + line("a 2") + "\n");
        CommandRun run = sequences(file, "--dry-run", "--json");
        assertThat(run.code()).as(run.talk()).isZero();
        assertThat(run.lines()).hasSize(7);
        assertThat(run.lines().get(6).toString())
                .isEqualTo(
                        "{\"summary\":{\"files\":1,\"documents\":5,\"refused\":{\"duplicate\":1},\"passedOver\":{}}}");
        assertThat(cluster.written()).isZero();
    }

    @Test
    void saysWhatIsWrongWithATokenizer() {
        Path file = write(folder.resolve("a.jsonl"), lines("a", 0, 2));
        assertRefused(sequences(file, "--tokenizer", folder.resolve("none").toString()), "there is no tokenizer");
        Path broken = write(folder.resolve("broken.json"), "{}");
        assertRefused(sequences(file, "--tokenizer", broken.toString()), "cannot pack sequences with the tokenizer");
    }

    private void assertSequences(String source) {
        List<Sequence> found = new ArrayList<>();
        for (Document sequence : cluster.documents()) {
            assertThat(sequence.getSource()).isEqualTo(source);
            found.add(new Sequence(
                    sequence.getId(),
                    List.copyOf(sequence.getTokenIds()),
                    List.copyOf(sequence.getCovers()),
                    sequence.getBytes(),
                    sequence.getDomain(),
                    sequence.getSplit().getPart()));
        }
        assertThat(found)
                .isEqualTo(byHand.byPartition(IngestCluster.PARTITIONS).stream()
                        .flatMap(List::stream)
                        .toList());
        for (IngestProgress packer : cluster.progress().values()) {
            assertThat(packer.getPosition()).isNotNegative();
        }
    }

    private static void assertRefused(CommandRun run, String why) {
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.thrown()).isInstanceOf(ProgramFailure.class).hasMessageContaining(why);
    }

    private JsonNode pack(Path file, String... arguments) {
        CommandRun run = sequences(
                file, Stream.concat(Stream.of("--json"), Stream.of(arguments)).toArray(String[]::new));
        assertThat(run.code()).as(run.talk() + run.thrown()).isZero();
        return run.summary();
    }

    private CommandRun sequences(Path file, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--unit", "sequence"));
        List<String> given = List.of(arguments);
        if (!given.contains("--tokenizer")) {
            all.addAll(List.of("--tokenizer", folder.toString()));
        }
        if (!given.contains("--sequence-tokens")) {
            all.addAll(List.of("--sequence-tokens", String.valueOf(TOKENS)));
        }
        all.addAll(given);
        return cluster.ingest(file, all.toArray(String[]::new));
    }

    /** Writes texts of three domains and packs them by hand. */
    private Path file(String name, List<String> texts) {
        StringBuilder lines = new StringBuilder();
        for (String text : texts) {
            String domain = "domain " + text.length() % 3;
            byHand.add(domain, text);
            lines.append(line(Map.of("text", text, "domain", domain))).append('\n');
        }
        return write(folder.resolve(name), lines.toString());
    }

    /** Returns different texts: some are longer than a sequence, some have characters of several bytes. */
    private static List<String> texts(int count, long seed) {
        Random random = new Random(seed);
        List<String> words = List.of("the", "cat", "naïve", "😀", "and", "dog", "42", "\n", "water", "日本");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder text =
                    new StringBuilder("text ").append(seed).append(' ').append(i);
            int length = random.nextInt(random.nextInt(10) == 0 ? 150 : 15);
            for (int w = 0; w < length; w++) {
                text.append(' ').append(words.get(random.nextInt(words.size())));
            }
            texts.add(text.toString());
        }
        return texts;
    }
}
