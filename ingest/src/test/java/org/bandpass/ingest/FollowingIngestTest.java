package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.sources.SampleFiles.bytes;
import static org.bandpass.sources.SampleFiles.gzip;
import static org.bandpass.sources.SampleFiles.lines;
import static org.bandpass.sources.SampleFiles.write;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.Document;
import org.bandpass.sources.FileServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sources that are not local files: URLs, lists, followed folders; with a real broker. */
@Timeout(300)
class FollowingIngestTest {

    private static EmbeddedBroker broker;

    @TempDir
    private Path folder;

    private final Children children = new Children();
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
        children.close();
        cluster.close();
    }

    @Test
    void readsUrlsOnceAndWhatIsAddedToThem() {
        try (FileServer server = new FileServer()) {
            server.put("/a.jsonl", bytes(lines("a", 0, 50) + "{\"text\":\"hal"));
            server.put("/b.jsonl.gz", gzip(lines("b", 0, 50)));
            String[] arguments = {
                "--json", "--set", "ingest.http.backoff.ms=5", server.url("/a.jsonl"), server.url("/b.jsonl.gz")
            };
            server.troubles.add(() -> 100);
            server.troubles.add(() -> 200);
            CommandRun first = cluster.ingest(arguments);
            assertThat(first.code()).as(first.talk()).isZero();
            assertThat(first.summary().path("ingested").asInt()).isEqualTo(100);

            server.requests.clear();
            CommandRun again = cluster.ingest(arguments);
            assertThat(again.summary().path("filesSkipped").asInt()).isEqualTo(2);
            assertThat(server.requests)
                    .as("one request each tells that nothing has changed")
                    .hasSize(2)
                    .allMatch(request -> request.contains(" bytes=0-0 "));

            server.put("/a.jsonl", bytes(lines("a", 0, 50) + "{\"text\":\"half a line\"}\n" + lines("a", 50, 60)));
            CommandRun grown = cluster.ingest(arguments);
            assertThat(grown.talk()).contains("/a.jsonl has grown: resumes at record 50");
            assertThat(grown.summary().path("ingested").asInt()).isEqualTo(11);
            assertThat(cluster.documents()).hasSize(111).doesNotHaveDuplicates();
            assertThat(cluster.documents()).extracting(Document::getText).contains("half a line");
        }
    }

    @Test
    void readsWhatAListNames() {
        try (FileServer server = new FileServer()) {
            server.put("/crawl/a.jsonl", bytes(lines("a", 0, 10)));
            server.put("/crawl/c.jsonl", bytes(lines("c", 0, 10)));
            Path here = write(folder.resolve("here.jsonl"), lines("here", 0, 10));
            Path list = write(
                    folder.resolve("wet.paths.gz"),
                    gzip("crawl/a.jsonl\ncrawl/missing.jsonl\n" + folder + "/gone.jsonl\n" + here
                            + "\ncrawl/c.jsonl\n"));
            String[] arguments = {"--json", "--list", list.toString(), "--base", server.url("")};
            CommandRun run = cluster.ingest(arguments);

            assertThat(run.code()).isEqualTo(1);
            assertThat(run.thrown()).isNull();
            assertThat(run.talk())
                    .contains("/crawl/missing.jsonl is refused from record 0 on, missing")
                    .contains("/gone.jsonl is refused from record 0 on, missing")
                    .contains("2 of 5 files were not read to their end");
            JsonNode summary = run.summary();
            assertThat(summary.path("ingested").asInt()).isEqualTo(30);
            assertThat(cluster.deadLetters()).extracting(DeadLetter::getReason).containsExactly("missing", "missing");

            server.put("/crawl/missing.jsonl", bytes(lines("found", 0, 10)));
            write(folder.resolve("gone.jsonl"), lines("come", 0, 10));
            CommandRun complete = cluster.ingest(arguments);
            assertThat(complete.code()).as(complete.talk()).isZero();
            assertThat(complete.summary().path("filesSkipped").asInt()).isEqualTo(3);
            assertThat(cluster.documents()).hasSize(50).doesNotHaveDuplicates();
        }
    }

    @Test
    void readsWhatComesIntoAFolderUntilItIsStopped() throws Exception {
        Path in = Files.createDirectories(folder.resolve("in"));
        Path first = write(folder.resolve("first.jsonl"), lines("first", 0, 10));
        write(in.resolve("a.jsonl"), lines("a", 0, 10));
        Process following = follow(in, first);
        awaitDocuments(20, following);

        move(in.resolve("b.jsonl.gz"), gzip(lines("b", 0, 10)));
        awaitDocuments(30, following);
        // A file that cannot be read does not affect the other files.
        move(in.resolve("bad.jsonl.gz"), bytes("this is no gzip"));
        Files.writeString(in.resolve("a.jsonl"), lines("a", 10, 20), StandardOpenOption.APPEND);
        write(in.resolve("a.jsonl.part"), lines("unfinished", 0, 10));
        awaitDocuments(40, following);
        move(in.resolve("c.jsonl"), bytes(lines("c", 0, 10)));
        awaitDocuments(50, following);
        following.destroy();

        assertThat(following.waitFor()).isEqualTo(128 + 15);
        String run = Files.readString(folder.resolve("child.log"));
        assertThat(run)
                .contains("bandpass: stopped following, which is its end")
                .contains("\"ingested\":50")
                .contains("bad.jsonl.gz is refused from record 0 on, not-as-named")
                .contains("a.jsonl has grown: resumes at record 10");
        assertThat(cluster.documents()).hasSize(50).doesNotHaveDuplicates();

        // Files that arrive meanwhile are read by the next process, whether this one was killed while reading or not.
        move(in.resolve("b2.jsonl"), bytes(lines("meanwhile", 0, 400)));
        Process killed = follow(in, first);
        awaitDocuments(100, killed);
        killed.destroyForcibly().waitFor();
        Process last = follow(in, first);
        awaitDocuments(450, last);
        last.destroy();
        last.waitFor();
        assertThat(cluster.documents()).hasSize(450).doesNotHaveDuplicates();
    }

    @Test
    void refusesWhatCannotBeFollowed() {
        Path in = folder.resolve("none");
        assertThat(CommandRun.by(List.of("--follow", in.toString())).thrown())
                .hasMessageContaining("there is no folder");
        assertThat(CommandRun.by(List.of("--dry-run", "--follow", folder.toString()))
                        .code())
                .isEqualTo(2);
        assertThat(CommandRun.by(List.of("--base", "/x", "a.jsonl")).code()).isEqualTo(2);
    }

    private void awaitDocuments(int count, Process following) throws InterruptedException {
        while (cluster.committed() < count && following.isAlive()) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Moves a whole file into the folder: if the machine pauses, a file written in place may settle while it is empty. */
    private static void move(Path file, byte[] content) throws IOException {
        Files.move(write(file.resolveSibling(file.getFileName() + ".part"), content), file);
    }

    private Process follow(Path in, Path first) throws Exception {
        List<String> arguments = cluster.arguments(
                "--json",
                "--set",
                "ingest.batch.records=5",
                "--set",
                "ingest.follow.settle.ms=100",
                "--set",
                "ingest.follow.poll.ms=20",
                "--set",
                "ingest.duplicates.window=0",
                "--follow",
                in.toString(),
                first.toString());
        return children.start(folder.resolve("child.log"), arguments);
    }
}
