package org.bandpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.languagemodel.ModelConfig;
import org.bandpass.languagemodel.ModelFolder;
import org.bandpass.languagemodel.tokenizer.BytePairTrainer;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.DocumentId;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.RegistryServer;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.WireFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Crawl data that keep arriving: a process for each program, records in the Confluent format. What is added to a folder
 * comes out in a band, once, and nobody lags.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class FollowIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Topics TOPICS = Topics.withPrefix(Topics.DEFAULT_PREFIX);
    /** Longer than a client waits for an answer or the end of a transaction, which is two minutes at most. */
    private static final Duration OUTAGE = Duration.ofSeconds(150);

    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final List<String> WORDS = List.of(
            "ring", "lord", "river", "stone", "light", "tower", "shadow", "path", "gate", "king", "of", "and", "the");

    @TempDir
    private Path folder;

    private final Random random = new Random(11);
    private final List<String> texts = new ArrayList<>();

    @Test
    @Tag("slow")
    void whatIsAddedComesOutInTheBandsAndNobodyLags() throws IOException, InterruptedException {
        Path crawl = Files.createDirectory(folder.resolve("crawl"));
        Path model = model();
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                RegistryServer registry = new RegistryServer();
                RunningPrograms programs = new RunningPrograms(folder)) {
            List<String> kafka = List.of(
                    "--bootstrap-servers", broker.bootstrapServers(), "--set", "schema.registry.url=" + registry.url());
            write(crawl.resolve("first.jsonl"), 250);
            follow(programs, kafka, crawl, model);
            awaitQuiet(programs, kafka, texts.size());

            write(crawl.resolve("second.jsonl.gz"), 200);
            write(crawl.resolve("first.jsonl"), 50);
            Files.writeString(crawl.resolve("notes.pdf"), "not for us");
            Files.writeString(crawl.resolve("page.txt"), add());
            awaitQuiet(programs, kafka, texts.size());

            Map<String, Object> client = new HashMap<>(broker.client());
            client.put(WireFormat.REGISTRY_URL, registry.url());
            everyDocumentIsInItsBandOnce(client, kafka);
            valuesAreInTheConfluentFormat(broker, registry);
            programs.terminate();
        }
    }

    /** A broker that is stopped, and one that is killed and started again, each for longer than its clients wait. */
    @Test
    @Tag("slow")
    void twoOutagesCostNothingButTime() throws IOException, InterruptedException {
        Path crawl = Files.createDirectory(folder.resolve("crawl"));
        Path model = model();
        String port = freePort();
        String[] broker = {
            "broker", "--port", port, "--data", folder.resolve("broker").toString()
        };
        List<String> kafka = List.of("--bootstrap-servers", "localhost:" + port);
        try (RunningPrograms brokers = new RunningPrograms(folder);
                RunningPrograms programs = new RunningPrograms(folder)) {
            // The controller of a broker that stands still for longer than this fences it when both wake up. Kafka
            // 4.3.1
            // then commits transactions without their markers, which stay open for ever
            // (TransactionMarkerChannelManager
            // takes a partition without a leader for a deleted one).
            Process first = brokers.start(List.of("--set", "broker.session.timeout.ms=600000"), broker);
            awaitOutput(brokers, "broker", first, "Ctrl-C");
            write(crawl.resolve("first.jsonl"), 2_000);
            follow(programs, kafka, crawl, model);
            programs.start(kafka, "eval", "--wait-for-topics");
            awaitQuiet(programs, kafka, texts.size());
            Process training = brokers.start(
                    kafka,
                    "train",
                    "--run",
                    "control",
                    "--control",
                    "--preset",
                    "tiny",
                    "--tokens",
                    "120000",
                    "--tokenizer",
                    model.toString(),
                    "--out",
                    folder.resolve("control").toString());
            awaitOutput(brokers, "train", training, "training control");

            write(crawl.resolve("second.jsonl"), 3_000);
            awaitDocuments(programs, kafka, 2_500);
            signal(first, "STOP");
            write(crawl.resolve("third.jsonl"), 1_000);
            Thread.sleep(OUTAGE.toMillis());
            programs.check();
            signal(first, "CONT");
            awaitQuiet(programs, kafka, texts.size());

            write(crawl.resolve("fourth.jsonl"), 3_000);
            awaitDocuments(programs, kafka, 6_500);
            first.destroyForcibly().waitFor();
            Thread.sleep(OUTAGE.toMillis());
            programs.check();
            Process second = brokers.start(List.of(), broker);
            awaitOutput(brokers, "broker", second, "Ctrl-C");
            awaitQuiet(programs, kafka, texts.size());

            everyDocumentIsInItsBandOnce(Map.of("bootstrap.servers", kafka.get(1)), kafka);
            assertThat(training.waitFor(10, TimeUnit.MINUTES)).isTrue();
            assertThat(training.exitValue()).as(brokers.output("train")).isZero();
            for (String program : List.of("ingest", "score", "calibrate", "select", "eval")) {
                assertThat(programs.output(program)).as(program).contains("the cluster answers again");
            }
            programs.terminate();
            assertThat(second.isAlive()).isTrue();
        }
    }

    private void follow(RunningPrograms programs, List<String> kafka, Path crawl, Path model) throws IOException {
        String state = folder.resolve("state").toString();
        programs.start(kafka, "ingest", "--follow", crawl.toString(), "--set", "ingest.follow.settle.ms=300");
        programs.start(kafka, "score", "--wait-for-topics", "--model", model.toString());
        programs.start(
                kafka, "calibrate", "--wait-for-topics", "--state-dir", state, "--set", "calibrator.settle.ms=500");
        programs.start(
                kafka,
                "select",
                "--wait-for-topics",
                "--plan",
                "high-50",
                "--live",
                "--warm-up",
                "100",
                "--state-dir",
                state);
    }

    private static void awaitOutput(RunningPrograms programs, String program, Process process, String words)
            throws IOException, InterruptedException {
        while (!programs.output(program).contains(words)) {
            assertThat(process.isAlive()).as(programs.output(program)).isTrue();
            Thread.sleep(100);
        }
    }

    private static String freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return Integer.toString(socket.getLocalPort());
        }
    }

    private static void signal(Process process, String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Waits until so many documents are written, so that programs are at work. */
    private static void awaitDocuments(RunningPrograms programs, List<String> kafka, int documents)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        while (documents(kafka) < documents) {
            programs.check();
            assertThat(System.nanoTime() - began).isLessThan(PATIENCE.toNanos());
            Thread.sleep(100);
        }
    }

    /** A model of random weights, with a tokenizer trained on the words. */
    private Path model() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        Path config = Files.createDirectory(folder.resolve("config"));
        BytePairTrainer.train(WORDS.iterator(), 300, model.resolve("tokenizer.json"));
        Files.writeString(
                config.resolve("config.json"),
                "{\"model_type\": \"mpt\", \"vocab_size\": 300, \"d_model\": 32, \"n_layers\": 2, \"n_heads\": 2,"
                        + " \"max_seq_len\": 128}");
        ModelFolder.initialise(model, ModelConfig.read(config), 5);
        return model;
    }

    private String add() {
        String text = random.ints(20, 0, WORDS.size()).mapToObj(WORDS::get).collect(Collectors.joining(" ")) + " "
                + texts.size();
        texts.add(text);
        return text;
    }

    /** Appends documents to a file. */
    private void write(Path file, int count) throws IOException {
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < count; i++) {
                lines.append(JSON.createObjectNode().put("text", add())).append('\n');
            }
            byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
            if (file.toString().endsWith(".gz")) {
                try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                    gzip.write(bytes);
                }
            } else {
                out.write(bytes);
            }
        }
    }

    /** Waits until there is this number of documents and every program has lag 0 twice in a row. */
    private void awaitQuiet(RunningPrograms programs, List<String> kafka, int documents)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        int quiet = 0;
        while (quiet < 2) {
            programs.check();
            // After the count: earlier lags would not include the last documents.
            int found = documents(kafka);
            String lags = lags(kafka);
            quiet = found >= documents && isQuiet(lags) ? quiet + 1 : 0;
            assertThat(System.nanoTime() - began)
                    .as("%d of %d documents, lags %s", found, documents, lags)
                    .isLessThan(PATIENCE.toNanos());
            Thread.sleep(300);
        }
    }

    private static String lags(List<String> kafka) {
        StringWriter said = new StringWriter();
        run(kafka, said, "lag", "--json");
        return said.toString();
    }

    private static boolean isQuiet(String lags) throws IOException {
        Set<String> programs = new HashSet<>();
        for (String line : lags.lines().toList()) {
            JsonNode lag = JSON.readTree(line);
            // Nothing is trained here, so eval has nothing to follow.
            boolean follows = !lag.get("program").asText().equals("eval");
            if (follows && lag.get("lag").asLong(-1) != 0) {
                return false;
            }
            programs.add(lag.get("program").asText());
        }
        return programs.containsAll(List.of("scorer", "calibrator", "router"));
    }

    private static int documents(List<String> kafka) {
        Map<String, Object> client = new HashMap<>(Map.of("bootstrap.servers", kafka.get(1)));
        try (Admin admin = Admin.create(client);
                Consumer<byte[], byte[]> reader = Clients.reader(client, TOPICS)) {
            int[] count = new int[1];
            if (reader.listTopics().containsKey(TOPICS.documents().name())) {
                OffsetSnapshot.written(admin, reader, TOPICS.documents().name()).read(reader, record -> count[0]++);
            }
            return count[0];
        }
    }

    private static int run(List<String> kafka, StringWriter out, String... words) {
        CommandLine line = Bandpass.commandLine();
        line.setOut(new PrintWriter(out, true));
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(kafka);
        return line.execute(arguments.toArray(String[]::new));
    }

    private void everyDocumentIsInItsBandOnce(Map<String, Object> client, List<String> kafka) throws IOException {
        List<Document> documents = read(client);
        assertThat(documents.stream().map(Document::getId))
                .containsExactlyInAnyOrderElementsOf(
                        texts.stream().map(DocumentId::of).toList());
        StringWriter audit = new StringWriter();
        assertThat(run(kafka, audit, "audit", "--plan", "high-50", "--json")).isZero();
        JsonNode band = JSON.readTree(audit.toString());
        assertThat(band.get("documents").asLong())
                .isEqualTo(documents.stream()
                        .filter(document -> document.getSplit().getPart() == SplitPart.FINAL)
                        .count());
        assertThat(band.get("lost").asLong() + band.get("doubled").asLong()).isZero();
    }

    private static List<Document> read(Map<String, Object> client) {
        AvroSerde<Document> serde = AvroSerde.of(Document.class);
        List<Document> documents = new ArrayList<>();
        try (Admin admin = Admin.create(client);
                Consumer<byte[], byte[]> reader = Clients.reader(client, TOPICS)) {
            OffsetSnapshot.written(admin, reader, TOPICS.documents().name())
                    .read(reader, record -> documents.add(serde.read(record.value())));
        }
        return documents;
    }

    private static void valuesAreInTheConfluentFormat(EmbeddedBroker broker, RegistryServer registry) {
        List<TopicSpec> topics = List.of(
                TOPICS.documents(),
                TOPICS.ingestProgress(),
                TOPICS.scoredDocuments(),
                TOPICS.scoreDigests(),
                TOPICS.cuts(),
                TOPICS.plans(),
                TOPICS.band("high-50", "high"));
        try (Admin admin = Admin.create(broker.client());
                Consumer<byte[], byte[]> plain = Clients.reader(broker.client(), TOPICS)) {
            for (TopicSpec topic : topics) {
                List<Integer> ids = registry.subjects().get(topic.name() + "-value");
                Set<Integer> found = new HashSet<>();
                OffsetSnapshot.written(admin, plain, topic.name())
                        .read(
                                plain,
                                record -> found.add(
                                        java.nio.ByteBuffer.wrap(record.value()).getInt(1)));
                assertThat(found).as(topic.name()).isEqualTo(new HashSet<>(ids));
            }
        }
    }
}
