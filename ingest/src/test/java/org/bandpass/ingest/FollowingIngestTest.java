package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.ingest.SampleFiles.gzip;
import static org.bandpass.ingest.SampleFiles.lines;
import static org.bandpass.ingest.SampleFiles.write;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sources other than files that are there: URLs, lists, folders that fill; with a real broker. */
@Timeout(60)
class FollowingIngestTest {

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

    @Test
    void readsUrlsOnceAndWhatIsAddedToThem() {
        try (FileServer server = new FileServer()) {
            server.put("/a.jsonl", SampleFiles.bytes(lines("a", 0, 50) + "{\"text\":\"hal"));
            server.put("/b.jsonl.gz", gzip(lines("b", 0, 50)));
            String[] arguments = {
                "--json", "--set", "ingest.http.backoff.ms=5", server.url("/a.jsonl"), server.url("/b.jsonl.gz")
            };
            server.troubles.add(() -> 100);
            server.troubles.add(() -> 200);
            Said first = cluster.ingest(arguments);
            assertThat(first.code()).as(first.talk()).isZero();
            assertThat(first.summary().path("ingested").asInt()).isEqualTo(100);

            Said again = cluster.ingest(arguments);
            assertThat(again.summary().path("filesSkipped").asInt()).isEqualTo(2);

            server.put(
                    "/a.jsonl",
                    SampleFiles.bytes(lines("a", 0, 50) + "{\"text\":\"half a line\"}\n" + lines("a", 50, 60)));
            Said grown = cluster.ingest(arguments);
            assertThat(grown.talk()).contains("/a.jsonl has grown: goes on at record 50");
            assertThat(grown.summary().path("ingested").asInt()).isEqualTo(11);
            assertThat(cluster.documents()).hasSize(111).doesNotHaveDuplicates();
            assertThat(cluster.documents()).extracting(Document::getText).contains("half a line");
        }
    }

    @Test
    void readsWhatAListNames() {
        try (FileServer server = new FileServer()) {
            server.put("/crawl/a.jsonl", SampleFiles.bytes(lines("a", 0, 10)));
            server.put("/crawl/c.jsonl", SampleFiles.bytes(lines("c", 0, 10)));
            Path here = write(folder.resolve("here.jsonl"), lines("here", 0, 10));
            Path list = write(
                    folder.resolve("wet.paths.gz"),
                    gzip("crawl/a.jsonl\ncrawl/missing.jsonl\n" + folder + "/gone.jsonl\n" + here
                            + "\ncrawl/c.jsonl\n"));
            String[] arguments = {"--json", "--list", list.toString(), "--base", server.url("")};
            Said said = cluster.ingest(arguments);

            assertThat(said.code()).isEqualTo(1);
            assertThat(said.thrown()).isNull();
            assertThat(said.talk())
                    .contains("/crawl/missing.jsonl is refused from record 0 on, missing")
                    .contains("/gone.jsonl is refused from record 0 on, missing")
                    .contains("2 of 5 files were not read to their end");
            JsonNode summary = said.summary();
            assertThat(summary.path("ingested").asInt()).isEqualTo(30);
            assertThat(cluster.deadLetters()).extracting(DeadLetter::getReason).containsExactly("missing", "missing");

            server.put("/crawl/missing.jsonl", SampleFiles.bytes(lines("found", 0, 10)));
            write(folder.resolve("gone.jsonl"), lines("come", 0, 10));
            Said complete = cluster.ingest(arguments);
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
        awaitDocuments(20);

        write(in.resolve("b.jsonl.gz"), gzip(lines("b", 0, 10)));
        awaitDocuments(30);
        // A file that cannot be read costs that file only.
        write(in.resolve("bad.jsonl.gz"), "this is no gzip");
        Files.writeString(in.resolve("a.jsonl"), lines("a", 10, 20), StandardOpenOption.APPEND);
        write(in.resolve("a.jsonl.part"), lines("unfinished", 0, 10));
        awaitDocuments(40);
        write(in.resolve("c.jsonl"), lines("c", 0, 10));
        awaitDocuments(50);
        following.destroy();

        assertThat(following.waitFor()).isEqualTo(128 + 15);
        String said = Files.readString(folder.resolve("child.log"));
        assertThat(said)
                .contains("bandpass: stopped following, which is its end")
                .contains("\"ingested\":50")
                .contains("bad.jsonl.gz is refused from record 0 on, not-as-named")
                .contains("a.jsonl has grown: goes on at record 10");
        assertThat(cluster.documents()).hasSize(50).doesNotHaveDuplicates();

        // What comes meanwhile is read by the next, killed in the middle of it or not.
        write(in.resolve("b2.jsonl"), lines("meanwhile", 0, 400));
        Process killed = follow(in, first);
        awaitDocuments(100);
        killed.destroyForcibly().waitFor();
        Process last = follow(in, first);
        awaitDocuments(450);
        last.destroy();
        last.waitFor();
        assertThat(cluster.documents()).hasSize(450).doesNotHaveDuplicates();
    }

    @Test
    void refusesWhatCannotBeFollowed() {
        Path in = folder.resolve("none");
        assertThat(Said.by(List.of("--follow", in.toString())).thrown()).hasMessageContaining("there is no folder");
        assertThat(Said.by(List.of("--dry-run", "--follow", folder.toString())).code())
                .isEqualTo(2);
        assertThat(Said.by(List.of("--base", "/x", "a.jsonl")).code()).isEqualTo(2);
    }

    private void awaitDocuments(int count) throws InterruptedException {
        while (cluster.committed() < count) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private Process follow(Path in, Path first) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KilledIngestTest.class.getName()));
        command.addAll(cluster.arguments(
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
                first.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("child.log").toFile())
                .start();
    }
}
