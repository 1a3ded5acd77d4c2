package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.sources.SampleFiles.line;
import static org.bandpass.sources.SampleFiles.lines;
import static org.bandpass.sources.SampleFiles.write;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.IngestProgress;
import org.bandpass.sources.SampleCrawl;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that grow, move, change, or get a new time between two ingests, without a window of duplicates. */
@Timeout(300)
class MovedFilesTest {

    private static final String NO_WINDOW = "ingest.duplicates.window=0";
    /** More than the two ends of a file, of 64 KiB each, that are always compared. */
    private static final int LINES = 12_000;

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
    void close() {
        cluster.close();
    }

    @Test
    void readsWhatIsAddedToAnArchiveAfterItsLastWholeRecord() throws Exception {
        byte[] first =
                SampleCrawl.gzip(new SampleCrawl().page("http://a/", "first").bytes());
        byte[] second =
                SampleCrawl.gzip(new SampleCrawl().page("http://b/", "second").bytes());
        Path file =
                write(folder.resolve("a.warc.gz"), Arrays.copyOf(SampleCrawl.joined(first, second), first.length + 9));
        assertThat(ingest(file).code()).as("the second record is not whole").isEqualTo(1);
        Files.write(file, Arrays.copyOfRange(second, 9, second.length), StandardOpenOption.APPEND);

        CommandRun grown = ingest(file);

        assertThat(grown.code()).as(grown.talk()).isZero();
        assertThat(grown.talk()).contains("a.warc.gz has grown: resumes at record 1");
        assertThat(cluster.documents())
                .extracting(Document::getUrl)
                .containsExactlyInAnyOrder("http://a/", "http://b/");
    }

    @Test
    void knowsAFileUnderItsNewNameOnceTheOldOneIsGone() throws Exception {
        Path first = write(folder.resolve("a.jsonl"), lines("a", 0, 10));
        ingest(first);
        Path copy = Files.copy(first, folder.resolve("copy.jsonl"));
        assertThat(ingest(copy).summary().path("ingested").asInt())
                .as("the old one is there, so the copy is wanted")
                .isEqualTo(10);
        Path moved = Files.move(first, folder.resolve("moved.jsonl"));

        CommandRun run = ingest(moved);

        assertThat(run.talk()).contains("moved.jsonl was read before as " + first);
        assertThat(run.summary().path("filesSkipped").asInt()).isEqualTo(1);
        assertThat(cluster.documents()).hasSize(20);
        Map<String, IngestProgress> progress = cluster.files();
        assertThat(progress).containsOnlyKeys("default/" + copy, "default/" + moved);
        assertThat(progress.get("default/" + moved).getRead()).isEqualTo(10);
        assertThat(ingest(moved).talk()).contains("has not changed: skipped");

        // More is added under the new name.
        Files.writeString(moved, lines("a", 10, 15), StandardOpenOption.APPEND);
        assertThat(ingest(moved).summary().path("ingested").asInt()).isEqualTo(5);
    }

    @Test
    void readsAMovedFileWhoseContentIsAnother() throws Exception {
        Path first = write(folder.resolve("a.jsonl"), lines("a", 0, LINES));
        ingest(first);
        Path moved = Files.move(first, folder.resolve("moved.jsonl"));
        changeInTheMiddle(moved);

        assertThat(ingest(moved).summary().path("ingested").asInt()).isEqualTo(LINES);
    }

    @Test
    void noticesAChangeInTheMiddleThatLeavesTheLength() throws Exception {
        Path file = write(folder.resolve("a.jsonl"), lines("a", 0, LINES));
        ingest(file);
        changeInTheMiddle(file);
        later(file);

        CommandRun changed = CommandRun.by(cluster.arguments("--json", file.toString()));

        assertThat(changed.talk()).contains("has changed since it was read");
        assertThat(changed.summary().path("ingested").asInt())
                .as("a window knows the others")
                .isEqualTo(1);
        assertThat(changed.summary().path("rejectedByReason").path("duplicate").asInt())
                .isEqualTo(LINES - 1);
    }

    @Test
    void noticesAChangeInTheMiddleOfAFileThatHasGrown() throws Exception {
        Path file = write(folder.resolve("a.jsonl"), lines("a", 0, LINES));
        ingest(file);
        changeInTheMiddle(file);
        Files.writeString(file, line("more") + "\n", StandardOpenOption.APPEND);

        assertThat(ingest(file).talk()).contains("has changed since it was read");
    }

    @Test
    void readsNothingOfAFileThatIsTouched() throws Exception {
        Path file = write(folder.resolve("a.jsonl"), lines("a", 0, 10));
        ingest(file);
        long written = cluster.written();
        FileTime touched = later(file);

        CommandRun again = ingest(file);

        assertThat(again.talk()).contains("has not changed: skipped");
        assertThat(cluster.written()).isEqualTo(written);
        IngestProgress progress = cluster.files().get("default/" + file);
        assertThat(progress.getModifiedAt().toEpochMilli())
                .as("so that it is compared once")
                .isEqualTo(touched.toMillis());
        assertThat(progress.getFinished()).isTrue();
        assertThat(progress.getRead()).isEqualTo(10);
    }

    private static void changeInTheMiddle(Path file) throws Exception {
        byte[] content = Files.readAllBytes(file);
        String middle = line("a " + LINES / 2);
        int at = new String(content, StandardCharsets.US_ASCII).indexOf(middle);
        content[at + middle.lastIndexOf('a')] = 'b';
        Files.write(file, content);
    }

    private static FileTime later(Path file) throws Exception {
        FileTime later = FileTime.fromMillis(Files.getLastModifiedTime(file).toMillis() + 5_000);
        Files.setLastModifiedTime(file, later);
        return later;
    }

    private CommandRun ingest(Path... files) {
        List<String> names = Stream.of(files).map(Path::toString).toList();
        return CommandRun.by(Stream.concat(cluster.arguments("--json", "--set", NO_WINDOW).stream(), names.stream())
                .toList());
    }
}
