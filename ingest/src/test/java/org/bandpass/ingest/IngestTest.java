package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.bandpass.sources.SampleFiles.line;
import static org.bandpass.sources.SampleFiles.lines;
import static org.bandpass.sources.SampleFiles.write;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.DocumentId;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.IngestProgress;
import org.bandpass.schemas.Split;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Progress;
import org.bandpass.service.Stop;
import org.bandpass.sources.SampleFiles;
import org.bandpass.sources.file.LocalFile;
import org.bandpass.sources.file.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command with a real broker; the topics are counted by a separate reader. */
@Timeout(300)
class IngestTest {

    private static EmbeddedBroker broker;

    @TempDir
    private Path folder;

    private IngestCluster cluster;

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
    }

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    @Test
    void writesWhatItReadsAndCountsTheRest() {
        Path plain = write(
                folder.resolve("a.jsonl"),
                line(Map.of("text", "first", "id", "s1", "url", "http://x/1", "meta", Map.of("pile_set_name", "Books")))
                        + "\n\n{broken\n" + line("x") + "\n" + line("first") + "\n" + line("") + "\n");
        Path packed = write(folder.resolve("b.jsonl.gz"), SampleFiles.gzip(lines("b", 0, 300), lines("b", 299, 320)));
        Path empty = write(folder.resolve("c.jsonl"), "");

        CommandRun run = cluster.ingest("--json", "--name", "n", plain.toString(), packed.toString(), empty.toString());

        assertThat(run.code()).as(run.talk()).isZero();
        JsonNode summary = run.summary();
        assertThat(summary.path("files").asInt()).isEqualTo(3);
        assertThat(summary.path("read").asInt()).isEqualTo(6 + 321);
        assertThat(summary.path("ingested").asInt()).isEqualTo(2 + 320);
        assertThat(summary.path("documents").asInt()).isEqualTo(2 + 320);
        assertThat(summary.path("rejected").asInt()).isEqualTo(4 + 1);
        assertThat(summary.path("rejectedByReason").toString())
                .isEqualTo("{\"duplicate\":2,\"empty-line\":1,\"malformed\":1,\"too-short\":1}");
        assertThat(summary.path("seconds").asDouble()).isPositive();
        assertThat(run.talk()).contains("c.jsonl is empty");

        List<Document> documents = cluster.documents();
        assertThat(documents).hasSize(322);
        assertThat(summary.path("bytes").asLong())
                .isEqualTo(documents.stream().mapToLong(Document::getBytes).sum());
        Split split = new Split(17, 0.05, 0.2);
        Map<String, Long> parts = new TreeMap<>(Map.of("final", 0L, "held-out", 0L, "reference", 0L));
        for (Document document : documents) {
            assertThat(document.getId()).isEqualTo(DocumentId.of(document.getText()));
            assertThat(document.getSplit()).isEqualTo(split.stamp(document.getId()));
            parts.merge(HeaderNames.nameOf(document.getSplit().getPart()), 1L, Long::sum);
        }
        assertThat(summary.path("ingestedBySplit").toString()).isEqualTo(SampleFiles.line(parts));
        Document first = documents.get(0);
        assertThat(first.getText()).isEqualTo("first");
        assertThat(first.getDomain()).isEqualTo("Books");
        assertThat(first.getUrl()).isEqualTo("http://x/1");
        assertThat(first.getSourceId()).isEqualTo("s1");
        assertThat(first.getSource()).isEqualTo("n");
        assertThat(documents).extracting(Document::getText).contains("x");
        for (ConsumerRecord<byte[], byte[]> record : cluster.records()) {
            Document document = AvroSerde.of(Document.class).read(record.value());
            assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo(document.getId());
            assertThat(HeaderNames.isPart(record.headers(), document.getSplit().getPart()))
                    .isTrue();
        }
        assertThat(cluster.deadLetters())
                .extracting(DeadLetter::getReason, DeadLetter::getPosition)
                .containsExactly(tuple("malformed", 2L), tuple("too-short", 5L));
        assertThat(StandardCharsets.UTF_8
                        .decode(cluster.deadLetters().get(0).getContent())
                        .toString())
                .isEqualTo("{broken");
        assertThat(cluster.files().values()).allSatisfy(file -> {
            assertThat(file.getFinished()).isTrue();
            assertThat(file.getIngest()).isEqualTo("n");
            assertThat(file.getRead()).isEqualTo(sum(file.getIngested()) + sum(file.getRejected()));
        });
        assertThat(cluster.files()).containsOnlyKeys("n/" + plain, "n/" + packed, "n/" + empty);
    }

    @Test
    void goesRoundThePartitions() {
        cluster.ingest(write(folder.resolve("a.jsonl"), lines("a", 0, 100)));
        cluster.ingest(write(folder.resolve("b.jsonl"), lines("b", 0, 7)), "--name", "other");

        List<String> admitted = new ArrayList<>();
        IntStream.range(0, 100).forEach(i -> admitted.add(DocumentId.of("a " + i)));
        IntStream.range(0, 7).forEach(i -> admitted.add(DocumentId.of("b " + i)));
        List<List<String>> expected = IntStream.range(0, IngestCluster.PARTITIONS)
                .mapToObj(p -> IntStream.range(0, 107)
                        .filter(i -> i % IngestCluster.PARTITIONS == p)
                        .mapToObj(admitted::get)
                        .toList())
                .toList();
        assertThat(cluster.ids()).isEqualTo(expected);
    }

    @Test
    void skipsWhatItHasReadAndGoesOnWhereAFileHasGrown() throws Exception {
        Path file = write(folder.resolve("a.jsonl"), lines("a", 0, 50) + "{\"text\":\"hal");
        assertThat(cluster.ingest(file, "--json").summary().path("ingested").asInt())
                .isEqualTo(50);

        CommandRun again = cluster.ingest(file, "--json");
        assertThat(again.code()).isZero();
        assertThat(again.talk()).contains("skipped");
        assertThat(again.summary().path("ingested").asInt()).isZero();
        assertThat(again.summary().path("read").asInt()).isZero();
        assertThat(again.summary().path("filesSkipped").asInt()).isEqualTo(1);
        assertThat(cluster.documents()).hasSize(50);

        Files.writeString(file, "f a line\"}\n" + lines("a", 50, 80), StandardOpenOption.APPEND);
        CommandRun grown = cluster.ingest(file, "--json", "--set", "ingest.duplicates.window=0");
        assertThat(grown.code()).isZero();
        assertThat(grown.talk()).contains("has grown: resumes at record 50");
        // Without a window, a record read twice would be there twice.
        assertThat(cluster.documents()).hasSize(81).doesNotHaveDuplicates();
        assertThat(cluster.documents()).extracting(Document::getText).contains("half a line");
    }

    @Test
    void doesNotReadAWholeLastLineTwice() throws Exception {
        Path file = write(folder.resolve("a.jsonl"), line("whole"));
        cluster.ingest(file);
        Files.writeString(file, "\n" + line("next"), StandardOpenOption.APPEND);
        CommandRun grown = cluster.ingest(file, "--json", "--set", "ingest.duplicates.window=0");

        assertThat(grown.summary().path("read").asInt()).isEqualTo(1);
        assertThat(cluster.documents()).extracting(Document::getText).containsExactly("whole", "next");
    }

    @Test
    void readsWhatIsAddedBehindALastLineWithoutEnd() throws Exception {
        Path file = write(folder.resolve("a.jsonl.gz"), SampleFiles.gzip(line("a")));
        cluster.ingest(file);
        Files.write(file, SampleFiles.gzip(line("b") + "\n" + line("c") + "\n"), StandardOpenOption.APPEND);
        CommandRun grown = cluster.ingest(file, "--json", "--set", "ingest.duplicates.window=0");

        assertThat(grown.summary().path("read").asInt()).isEqualTo(2);
        assertThat(cluster.documents()).extracting(Document::getText).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void saysThatAFileHasChangedAndReadsItAnew() {
        Path file = write(folder.resolve("a.jsonl"), lines("a", 0, 20));
        cluster.ingest(file);
        write(file, lines("a", 10, 25));
        CommandRun changed = cluster.ingest(file, "--json");

        assertThat(changed.code()).isZero();
        assertThat(changed.talk()).contains("has changed since it was read");
        assertThat(changed.summary().path("ingested").asInt()).isEqualTo(5);
        assertThat(changed.summary().path("rejectedByReason").path("duplicate").asInt())
                .isEqualTo(10);
        IngestProgress progress = cluster.files().get("default/" + file);
        assertThat(sum(progress.getIngested())).isEqualTo(cluster.documents().size());
    }

    @Test
    void knowsTheLastDocumentsOfEarlierRunsExactly() {
        String window = "ingest.duplicates.window=4";
        cluster.ingest(write(folder.resolve("a.jsonl"), lines("a", 0, 11)), "--set", window);
        // The last four are 7 to 10; each admitted document pushes out the oldest.
        Path more = write(
                folder.resolve("b.jsonl"),
                line("a 6") + "\n" + line("a 7") + "\n" + line("a 8") + "\n" + line("a 10") + "\n");
        JsonNode summary = cluster.ingest(more, "--set", window, "--name", "other", "--json")
                .summary();

        // 6 had left the window and is admitted; so 7 leaves and is admitted; so 8 leaves and is admitted.
        assertThat(summary.path("ingested").asInt()).isEqualTo(3);
        assertThat(summary.path("rejectedByReason").path("duplicate").asInt()).isEqualTo(1);
    }

    @Test
    void readsStandardInputOnceAndAnotherOneAfterIt() {
        assertThat(piped(lines("first", 0, 3)).path("ingested").asInt()).isEqualTo(3);
        JsonNode second = piped(lines("first", 2, 3) + lines("second", 0, 4));

        assertThat(second.path("ingested").asInt()).isEqualTo(4);
        assertThat(second.path("rejectedByReason").path("duplicate").asInt()).isEqualTo(1);
        assertThat(second.path("filesSkipped").asInt()).isZero();
        assertThat(cluster.documents()).hasSize(7);
    }

    private JsonNode piped(String input) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(SampleFiles.bytes(input)));
        try {
            return cluster.ingest("--json", "-").summary();
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void refusesTheRestOfABadFileAndReadsTheOthers() {
        byte[] cut = SampleFiles.gzip(lines("cut", 0, 2000));
        Path truncated = write(folder.resolve("a.jsonl.gz"), Arrays.copyOf(cut, cut.length - 500));
        Path lie = write(folder.resolve("b.jsonl.gz"), "this is no gzip");
        Path crawl = write(
                folder.resolve("c.jsonl.zst"),
                new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) 0xa8, 1, 0, 0});
        Path good = write(folder.resolve("d.jsonl"), lines("good", 0, 5));
        String[] arguments = {"--json", truncated.toString(), lie.toString(), crawl.toString(), good.toString()};

        CommandRun run = cluster.ingest(arguments);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.thrown()).isNull();
        assertThat(run.talk())
                .contains("a.jsonl.gz is refused from record ")
                .contains("broken-off")
                .contains("b.jsonl.gz is refused from record 0 on, not-as-named")
                .contains("a window of more than 128 MiB is not read")
                .contains("3 of 4 files were not read to their end");
        JsonNode summary = run.summary();
        assertThat(summary.path("filesRefused").asInt()).isEqualTo(3);
        assertThat(summary.path("rejectedByReason").toString())
                .isEqualTo("{\"broken-off\":1,\"not-as-named\":1,\"unsupported\":1}");
        int ingested = summary.path("ingested").asInt();
        assertThat(ingested).isBetween(1000, 2004);
        assertThat(summary.path("read").asInt()).isEqualTo(ingested + 3);
        assertThat(cluster.documents()).hasSize(ingested);
        assertThat(cluster.documents()).extracting(Document::getText).contains("good 4");
        assertThat(cluster.deadLetters())
                .extracting(DeadLetter::getReason)
                .containsExactly("broken-off", "not-as-named", "unsupported");

        // The next run finds and reports the same, but writes no second dead letter.
        CommandRun again = cluster.ingest(arguments);
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.summary().path("ingested").asInt()).isZero();
        assertThat(cluster.deadLetters()).hasSize(3);
        assertThat(cluster.documents()).hasSize(ingested);

        // A repaired file is read from its beginning; its known documents are refused as duplicates.
        write(truncated, cut);
        CommandRun repaired = cluster.ingest("--json", truncated.toString());
        assertThat(repaired.code()).as(repaired.talk()).isZero();
        assertThat(cluster.documents()).hasSize(2005);
        assertThat(new HashSet<>(cluster.documents())).hasSize(2005);
        assertThat(cluster.files().values())
                .allSatisfy(file ->
                        assertThat(file.getRead()).isEqualTo(sum(file.getIngested()) + sum(file.getRejected())));
    }

    /** A file that disappears after it was found and before it is read, as files of a crawl do. */
    @Test
    void leavesTheProgressOfAFileThatCannotBeLookedAt() throws Exception {
        Path gone = write(folder.resolve("a.jsonl"), lines("a", 0, 5));
        Path done = write(folder.resolve("b.jsonl"), lines("b", 0, 5));
        cluster.ingest(gone.toString(), done.toString());
        Map<String, IngestProgress> before = cluster.files();
        List<Source> sources = List.of(LocalFile.of(gone), LocalFile.of(done));
        Files.delete(gone);

        IngestSettings settings = IngestSettingsTest.parse(
                "kafka.bootstrap.servers=" + broker.bootstrapServers(),
                "topic.prefix=" + cluster.topics().prefix(),
                "topic.partitions=" + IngestCluster.PARTITIONS);
        try (Progress progress = Progress.start("test", "bytes", 0);
                Stop stop = Stop.byRequest()) {
            IngestOutput output = new IngestOutput(
                    new PrintWriter(new StringWriter()), progress, new IngestMeters(new SimpleMeterRegistry()));
            assertThat(new Ingest(settings, settings.opener(), "default", output)
                            .run(sources.iterator(), progress::add, stop, false))
                    .isTrue();
            assertThat(output.broken()).isEqualTo(1);
            assertThat(output.json().path("filesSkipped").asInt()).isEqualTo(1);
        }
        assertThat(cluster.files()).isEqualTo(before);
        assertThat(cluster.deadLetters()).extracting(DeadLetter::getReason).containsExactly("unreadable");
    }

    @Test
    void refusesToMixSplits() {
        Path file = write(folder.resolve("a.jsonl"), lines("a", 0, 5));
        cluster.ingest(file);
        Path more = write(folder.resolve("b.jsonl"), lines("b", 0, 5));
        for (String[] other : List.of(
                new String[] {"--seed", "18"},
                new String[] {"--set", "ingest.split.held.out.share=0.1"},
                new String[] {"--set", "ingest.split.reference.share=0.1", "--set", "ingest.duplicates.window=0"})) {
            CommandRun run = cluster.ingest(more, other);
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.thrown())
                    .isInstanceOf(ProgramFailure.class)
                    .hasMessageContaining("holds documents of the split (seed 17, held-out 0.05, reference 0.2)")
                    .hasMessageContaining("same seed and shares");
        }
        assertThat(cluster.documents()).hasSize(5);
        assertThat(cluster.ingest(more, "--seed", "17").code()).isZero();
        assertThat(cluster.documents())
                .extracting(document -> document.getSplit().getSeed())
                .containsOnly(17L)
                .hasSize(10);
    }

    @Test
    void stampsTheSeedItIsTold() {
        cluster.ingest(write(folder.resolve("a.jsonl"), lines("a", 0, 50)), "--seed", "99");

        assertThat(cluster.documents())
                .extracting(Document::getSplit)
                .allSatisfy(stamp -> assertThat(Split.of(stamp)).isEqualTo(new Split(99, 0.05, 0.2)));
    }

    @Test
    void writesNothingWhenAFileIsMissing() {
        Path there = write(folder.resolve("a.jsonl"), lines("a", 0, 5));
        CommandRun run =
                cluster.ingest(there.toString(), folder.resolve("missing.jsonl").toString());

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.thrown()).isInstanceOf(ProgramFailure.class).hasMessageContaining("missing.jsonl: no such file");
        assertThat(cluster.written()).isZero();
    }

    @Test
    void findsAnotherNumberOfPartitionsBeforeItWrites() {
        Path file = write(folder.resolve("a.jsonl"), lines("a", 0, 5));
        cluster.ingest(file);
        CommandRun run = cluster.ingest(file, "--set", "topic.partitions=4");

        assertThat(run.thrown())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("has 3 partitions, expected 4");
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
