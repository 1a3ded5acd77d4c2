package org.bandpass.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.Topics;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The whole experiment with one command, on a part of the default corpus. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RunIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Topics TOPICS = Topics.withPrefix(Topics.DEFAULT_PREFIX);

    private Path folder;

    private List<String> input;
    private JsonNode results;

    @BeforeAll
    void runTheExperiment(@TempDir Path shared) throws IOException, InterruptedException {
        folder = shared;
        Path corpus = PackagedCommand.ROOT.resolve("cli/target/corpus");
        try (var jars = Files.list(corpus)) {
            input = jars.map(Path::toString)
                    .filter(jar -> jar.contains("picocli") || jar.contains("t-digest") || jar.contains("slf4j"))
                    .sorted()
                    .toList();
        }
        assertThat(input).hasSize(3);
        results = run("first");
    }

    private JsonNode run(String name) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(
                List.of("run", "--minutes", "1", "--out", folder.resolve(name).toString()));
        arguments.add("--input");
        arguments.addAll(input);
        String table =
                PackagedCommand.run(folder, arguments.toArray(String[]::new)).done();
        assertThat(table).contains("control").contains("low").contains("medium").contains("high");
        assertThat(folder.resolve(name).resolve("report.html")).isNotEmptyFile();
        return JSON.readTree(folder.resolve(name).resolve("results.json").toFile());
    }

    @Test
    void everyRecordIsAccountedFor() {
        JsonNode documents = results.get("documents");
        assertThat(documents.get("ingested").asLong()
                        + documents.get("rejected").asLong())
                .isEqualTo(documents.get("read").asLong());
        assertThat(documents.get("reference").asLong()
                        + documents.get("heldOut").asLong()
                        + documents.get("scored").asLong()
                        + documents.get("deadLetters").asLong())
                .isEqualTo(documents.get("ingested").asLong());
        assertThat(documents.get("rejectedByReason").get("duplicate").asLong()).isPositive();
    }

    @Test
    void eachBandKeepsItsRate() {
        long scored = results.get("documents").get("scored").asLong();
        assertThat(results.get("bands").size()).isEqualTo(3);
        results.get("bands").properties().forEach(band -> {
            assertThat(band.getValue().get("fraction").asDouble()).isCloseTo(0.5, within(0.002 + 1.0 / scored));
            assertThat(band.getValue().get("exactFraction").asDouble()).isCloseTo(0.5, within(0.002 + 1.0 / scored));
        });
    }

    @Test
    void theAuditFindsNothingLostNothingDoubledAndNextToNothingMisplaced() {
        assertThat(results.get("audit")).hasSize(3).allSatisfy(entry -> {
            long documents = entry.get("documents").asLong();
            assertThat(documents)
                    .isEqualTo(results.get("documents").get("scored").asLong());
            assertThat(entry.get("lost").asLong()).isZero();
            assertThat(entry.get("doubled").asLong()).isZero();
            assertThat(entry.get("misplaced").asLong())
                    .isLessThanOrEqualTo(
                            documents / 1000 + 1 + entry.get("tieMass").asLong());
        });
    }

    @Test
    void everyModelIsTrainedOnTheSameBudgetAndLearns() {
        assertThat(results.get("runs").properties())
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder("control", "low", "medium", "high");
        Set<Long> budgets = new HashSet<>();
        results.get("runs").properties().forEach(run -> {
            budgets.add(run.getValue().get("tokens").asLong());
            fallsIn(run.getValue().get("trainLoss"));
            assertThat(run.getValue().get("heldOut").get("bitsPerByte").asDouble())
                    .isBetween(0.5, 8.0);
            assertThat(run.getValue()
                            .get("eval")
                            .get("tasks")
                            .get("cloze")
                            .get("rows")
                            .asLong())
                    .isPositive();
        });
        assertThat(budgets).hasSize(1);
        fallsIn(results.get("reference").get("trainLoss"));
    }

    private static void fallsIn(JsonNode losses) {
        assertThat(losses.size()).isGreaterThanOrEqualTo(10);
        assertThat(losses.get(losses.size() - 1).asDouble())
                .isLessThan(losses.get(0).asDouble() - 0.5);
    }

    @Test
    void theTopicsSayTheSame() {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("first/broker"), "localhost", 0, Map.of());
                Admin admin = Admin.create(broker.client());
                Consumer<byte[], byte[]> reader = Clients.reader(broker.client(), TOPICS)) {
            Set<String> finalIds = new HashSet<>();
            Set<String> heldOut = new HashSet<>();
            AvroSerde<Document> serde = AvroSerde.of(Document.class);
            OffsetSnapshot.written(admin, reader, TOPICS.documents().name()).read(reader, record -> {
                Document document = serde.read(record.value());
                SplitPart part = document.getSplit().getPart();
                if (part != SplitPart.REFERENCE) {
                    (part == SplitPart.FINAL ? finalIds : heldOut).add(document.getId());
                }
            });
            Set<String> low =
                    new HashSet<>(ids(admin, reader, TOPICS.band("run", "low").name()));
            Set<String> high =
                    new HashSet<>(ids(admin, reader, TOPICS.band("run", "high").name()));
            assertThat(low).doesNotContainAnyElementsOf(high);
            low.addAll(high);
            assertThat(low).isEqualTo(finalIds).doesNotContainAnyElementsOf(heldOut);
        }
    }

    private static List<String> ids(Admin admin, Consumer<byte[], byte[]> reader, String topic) {
        List<String> ids = new ArrayList<>();
        AvroSerde<ScoredDocument> serde = AvroSerde.of(ScoredDocument.class);
        OffsetSnapshot.written(admin, reader, topic)
                .read(
                        reader,
                        record ->
                                ids.add(serde.read(record.value()).getDocument().getId()));
        return ids;
    }

    @Test
    void theSameSeedGivesTheSameRun() throws IOException, InterruptedException {
        JsonNode again = run("again");

        assertThat(again.get("documents")).isEqualTo(results.get("documents"));
        assertThat(again.get("cuts")).isEqualTo(results.get("cuts"));
        assertThat(again.get("bands")).isEqualTo(results.get("bands"));
        assertThat(again.get("audit")).isEqualTo(results.get("audit"));
        results.get("runs").properties().forEach(run -> {
            JsonNode other = again.get("runs").get(run.getKey());
            for (String figure : new String[] {"trainLoss", "modelRevision", "heldOut", "eval"}) {
                assertThat(other.get(figure))
                        .as(figure)
                        .isEqualTo(run.getValue().get(figure));
            }
        });
    }

    @Test
    void aProcessForEachProgramGetsTheSameDocumentsScoresAndBands() throws IOException, InterruptedException {
        Path steps = folder.resolve("steps");
        List<String> command = new ArrayList<>(
                List.of(PackagedCommand.ROOT.resolve("docs/step-by-step.sh").toString(), steps.toString()));
        command.addAll(input);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("BANDPASS", String.join(" ", PackagedCommand.words()));
        builder.environment().put("PORT", Integer.toString(freePort()));
        PackagedCommand.execute(builder, folder).done();

        JsonNode stepped = JSON.readTree(steps.resolve("results.json").toFile());
        assertThat(stepped.get("bands")).isEqualTo(results.get("bands"));
        assertThat(stepped.get("cuts").get("quantiles"))
                .isEqualTo(results.get("cuts").get("quantiles"));
        results.get("runs")
                .properties()
                .forEach(run -> assertThat(stepped.get("runs").get(run.getKey()).get("eval"))
                        .isEqualTo(run.getValue().get("eval")));
        assertThat(contents(steps)).isEqualTo(contents(folder.resolve("first")));
    }

    /** Partition, key and value of every record, by topic, in order. */
    private static Map<String, List<String>> contents(Path run) {
        Map<String, List<String>> contents = new HashMap<>();
        try (EmbeddedBroker broker = EmbeddedBroker.start(run.resolve("broker"), "localhost", 0, Map.of());
                Admin admin = Admin.create(broker.client());
                Consumer<byte[], byte[]> reader = Clients.reader(broker.client(), TOPICS)) {
            for (String topic : new String[] {
                TOPICS.documents().name(),
                TOPICS.scoredDocuments().name(),
                TOPICS.band("run", "low").name(),
                TOPICS.band("run", "medium").name(),
                TOPICS.band("run", "high").name()
            }) {
                List<String> records = new ArrayList<>();
                OffsetSnapshot.written(admin, reader, topic)
                        .read(
                                reader,
                                record -> records.add(record.partition() + " "
                                        + new String(record.key(), java.nio.charset.StandardCharsets.UTF_8) + " "
                                        + java.util.Arrays.hashCode(record.value())));
                contents.put(topic, records);
            }
        }
        return contents;
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
