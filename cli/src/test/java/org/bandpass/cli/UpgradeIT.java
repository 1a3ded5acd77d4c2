package org.bandpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.CompactedTopic;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.UnreadableRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * A broker's folder that version 0.1.0 wrote, continued by this version: documents of two files, their scores, cuts, a
 * frozen plan with two bands, local state, a run that finished and was evaluated, a run that was killed. {@code upgrade/make.sh}
 * made it.
 */
class UpgradeIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Topics TOPICS = new Topics(Topics.DEFAULT_PREFIX, 1, Topics.DEFAULT_MAX_DOCUMENT_BYTES);

    /** Progress is stored by path, so the files must have the same paths as before. */
    private static final Path MADE_IN = Path.of("/tmp/bandpass-fixture-0.1.0");

    private static final Instant MADE_AT = Instant.parse("2026-01-01T00:00:00Z");

    private static final int DOCUMENTS = 60;
    private static final int SCORED_BEFORE = 31;
    private static final int ADDED = 5;

    @TempDir
    private Path folder;

    private FileChannel lock;
    private EmbeddedBroker broker;

    @BeforeEach
    void startOnTheFolder() throws IOException {
        // Two checkouts on one machine must not do this at the same time.
        lock = FileChannel.open(Path.of(MADE_IN + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        lock.lock();
        unpack();
        // By default the broker would delete the old offsets of the folder.
        broker = EmbeddedBroker.start(
                folder.resolve("broker"), "localhost", 0, Map.of("offsets.retention.minutes", "100000000"));
    }

    @AfterEach
    void stop() throws IOException {
        broker.close();
        Files.deleteIfExists(MADE_IN.resolve("input/first.jsonl"));
        Files.deleteIfExists(MADE_IN.resolve("input/growing.jsonl"));
        lock.close();
    }

    @Test
    void continuesWhatTheVersionBeforeLeft() throws IOException {
        Map<String, JsonNode> before = lag();
        assertThat(before.keySet())
                .containsExactly("scorer", "calibrator", "router.frozen", "trainer.done", "trainer.killed", "eval");
        assertThat(before.values())
                .filteredOn(row -> !row.get("group").asText().endsWith(".killed"))
                .allSatisfy(row -> assertThat(row.get("lag").asLong()).isZero());
        assertThat(before.get("trainer.done").get("state").asText()).isEqualTo("finished");
        assertThat(before.get("trainer.killed").get("state").asText()).startsWith("training, step 6 of 390");

        assertThat(ingest()).contains("2 files (2 skipped");
        assertThat(ids()).hasSize(DOCUMENTS).doesNotHaveDuplicates();

        grow();
        assertThat(ingest()).contains("2 files (1 skipped");
        assertThat(ids()).hasSize(DOCUMENTS + ADDED).doesNotHaveDuplicates();

        run("score", "--model", folder.resolve("model").toString(), "--until-caught-up");
        long ofTheFinalSplit = documents().stream()
                .filter(document -> document.getSplit().getPart() == SplitPart.FINAL)
                .count();
        List<ScoredDocument> scored = read(TOPICS.scoredDocuments(), ScoredDocument.class);
        assertThat(scored).hasSize((int) ofTheFinalSplit).hasSizeGreaterThan(SCORED_BEFORE);
        assertThat(scored)
                .extracting(document -> document.getScore().getModelRevision())
                .containsOnly(scored.get(0).getScore().getModelRevision());

        run("calibrate", "--state-dir", folder.resolve("state").toString(), "--until-caught-up");
        assertThat(latestCuts().getVersion()).isEqualTo(2);
        assertThat(latestCuts().getCount()).isEqualTo(ofTheFinalSplit);

        run("select", "--plan", "frozen", "--state-dir", folder.resolve("state").toString(), "--until-caught-up");
        JsonNode audit = JSON.readTree(run("audit", "--plan", "frozen", "--json"));
        assertThat(audit.get("documents").asLong()).isEqualTo(ofTheFinalSplit);
        assertThat(audit.get("lost").asLong() + audit.get("doubled").asLong()).isZero();
        List<ScoredDocument> routed = new ArrayList<>(read(TOPICS.band("frozen", "low"), ScoredDocument.class));
        routed.addAll(read(TOPICS.band("frozen", "high"), ScoredDocument.class));
        assertThat(routed).hasSameSizeAs(scored);

        assertThat(lag().values())
                .filteredOn(row -> !row.get("group").asText().endsWith(".killed"))
                .allSatisfy(row -> assertThat(row.get("lag").asLong()).isZero());
    }

    private String ingest() {
        return run(
                "ingest",
                "--name",
                "main",
                "--set",
                "ingest.split.held.out.share=0.15",
                "--set",
                "ingest.split.reference.share=0.25",
                MADE_IN.resolve("input/first.jsonl").toString(),
                MADE_IN.resolve("input/growing.jsonl").toString());
    }

    private void grow() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < ADDED; i++) {
            String text = "a text that this version found at the end of a file that the version before had read " + i;
            lines.append(JSON.createObjectNode().put("text", text)).append('\n');
        }
        Files.writeString(MADE_IN.resolve("input/growing.jsonl"), lines, StandardOpenOption.APPEND);
    }

    private String run(String... words) {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("--bootstrap-servers", broker.bootstrapServers(), "--set", "topic.partitions=1"));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Bandpass.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        assertThat(line.execute(arguments.toArray(String[]::new)))
                .as(words[0] + ": " + err)
                .isZero();
        return out.toString();
    }

    /** Returns the rows by group, without the prefix. */
    private Map<String, JsonNode> lag() throws IOException {
        Map<String, JsonNode> rows = new LinkedHashMap<>();
        for (String line : run("lag", "--json").lines().toList()) {
            JsonNode row = JSON.readTree(line);
            rows.put(row.get("group").asText().substring(TOPICS.prefix().length()), row);
        }
        return rows;
    }

    private List<Document> documents() {
        return read(TOPICS.documents(), Document.class);
    }

    private List<String> ids() {
        return documents().stream().map(Document::getId).toList();
    }

    private Cuts latestCuts() {
        try (Admin admin = Admin.create(broker.client());
                Consumer<byte[], byte[]> reader = Clients.reader(broker.client(), TOPICS)) {
            String topic = TOPICS.cuts().name();
            return CompactedTopic.read(admin, reader, topic, Cuts.class, UnreadableRecord.stop()).values().stream()
                    .filter(cuts -> cuts.getStratum().equals("all"))
                    .reduce((first, second) -> second)
                    .orElseThrow();
        }
    }

    private <T extends SpecificRecord> List<T> read(TopicSpec topic, Class<T> type) {
        AvroSerde<T> serde = AvroSerde.of(type);
        List<T> values = new ArrayList<>();
        try (Admin admin = Admin.create(broker.client());
                Consumer<byte[], byte[]> reader = Clients.reader(broker.client(), TOPICS)) {
            OffsetSnapshot.written(admin, reader, topic.name())
                    .read(reader, record -> values.add(serde.read(record.value())));
        }
        return values;
    }

    private void unpack() throws IOException {
        try (InputStream packed =
                        Objects.requireNonNull(UpgradeIT.class.getResourceAsStream("upgrade/version-0.1.0.zip"));
                ZipInputStream zip = new ZipInputStream(packed)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                boolean input = entry.getName().startsWith("input/");
                Path file = (input ? MADE_IN : folder).resolve(entry.getName()).normalize();
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    Files.write(file, zip.readAllBytes());
                    Files.setLastModifiedTime(file, FileTime.from(MADE_AT));
                }
            }
        }
    }
}
