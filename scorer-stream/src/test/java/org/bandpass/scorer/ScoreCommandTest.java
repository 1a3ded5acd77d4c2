package org.bandpass.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.bandpass.languagemodel.DocumentLikelihoods;
import org.bandpass.languagemodel.LanguageModel;
import org.bandpass.languagemodel.Likelihood;
import org.bandpass.languagemodel.ModelFolder;
import org.bandpass.languagemodel.ModelPreset;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.Score;
import org.bandpass.scorer.CommandRun.Said;
import org.bandpass.scorer.ScorerCluster.Place;
import org.bandpass.scorer.ScorerCluster.Scored;
import org.bandpass.service.ConfigurationException;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The command with a real model on a real broker. */
@Timeout(600)
class ScoreCommandTest {

    @RegisterExtension
    static final OnACluster.SharedBroker SHARED = new OnACluster.SharedBroker();

    private static Path model;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void writeModel() throws IOException {
        model = TestModels.folder(folder, "model", 7);
    }

    @Test
    void givesTheScoresThatEachDocumentHasAlone() throws Exception {
        try (ScorerCluster cluster = new ScorerCluster(SHARED.broker())) {
            List<Document> documents = new ArrayList<>(Texts.documents(1, 60));
            documents.add(Texts.finalDocument("x"));
            documents.add(Texts.finalDocument(Texts.words(9, 4_000)));
            cluster.ingest(documents);

            Said said = score(cluster, "--until-caught-up", "--json", "--set", "scorer.batch.max.tokens=512");

            assertThat(said.thrown()).isNull();
            assertThat(said.code()).isZero();
            List<Scored> scored = cluster.scored();
            assertThat(scored)
                    .extracting(Scored::source)
                    .isEqualTo(cluster.finals().stream().map(Place::of).toList());
            assertAsAlone(scored);
            assertSummary(new ObjectMapper().readTree(said.out()), scored);
            assertThat(cluster.lag()).isZero();

            Said nothing = score(cluster, "--until-caught-up");
            assertThat(nothing.code()).isZero();
            assertThat(nothing.out()).startsWith("scored 0 documents");
        }
    }

    @Test
    void twoScorersGiveTheScoresThatEachDocumentHasAlone() throws Exception {
        try (ScorerCluster cluster = new ScorerCluster(SHARED.broker());
                Stop stop = Stop.byRequest();
                ReferenceModel one = ModelOpener.open(model, List.of("cpu"), null, new ContextTokenOption());
                ReferenceModel two = ModelOpener.open(model, List.of("cpu"), null, new ContextTokenOption())) {
            String flight = "scorer.flight.max.tokens=1000";
            CompletableFuture<Void> first = cluster.start(one, stop, flight);
            CompletableFuture<Void> second = cluster.start(two, stop, flight);
            ScorerCluster.await("a share for each", () -> cluster.shares().equals(List.of(1, 2)));
            cluster.ingest(Texts.documents(3, 90));
            ScorerCluster.await("all scored", () -> cluster.lag() == 0);
            stop.request();
            first.get();
            second.get();

            List<Scored> scored = cluster.scored();
            assertThat(scored)
                    .extracting(Scored::source)
                    .isEqualTo(cluster.finals().stream().map(Place::of).toList());
            assertAsAlone(scored);
        }
    }

    private static void assertAsAlone(List<Scored> scored) {
        try (LanguageModel likelihood = LanguageModel.load(model, "cpu", "fp32");
                TextTokenizer tokenizer = TextTokenizer.load(model)) {
            DocumentLikelihoods one = new DocumentLikelihoods(likelihood, tokenizer.endOfText(), 1, 0);
            for (Scored each : scored) {
                Score score = each.value().getScore();
                Likelihood alone = one.score(List.of(
                                tokenizer.encode(each.value().getDocument().getText())))
                        .get(0);
                assertThat(score.getTokens()).isEqualTo(alone.tokens());
                assertThat(score.getWindows()).isEqualTo(alone.windows());
                assertThat(score.getNats() / score.getTokens() / alone.meanNll())
                        .isCloseTo(1, within(1e-5));
            }
        }
    }

    private static void assertSummary(JsonNode summary, List<Scored> scored) {
        long tokens = scored.stream()
                .mapToLong(each -> each.value().getScore().getTokens())
                .sum();
        assertThat(summary.path("documents").asLong()).isEqualTo(scored.size());
        assertThat(summary.path("tokens").asLong()).isEqualTo(tokens);
        assertThat(summary.path("bytes").asLong())
                .isEqualTo(scored.stream()
                        .mapToLong(each -> each.value().getScore().getBytes())
                        .sum());
        assertThat(summary.path("deadLetters").asLong()).isZero();
        assertThat(summary.path("passedOver").asLong()).isEqualTo(62 - scored.size());
        double seconds = summary.path("seconds").asDouble();
        assertThat(seconds).isPositive();
        assertThat(summary.path("tokensPerSecond").asDouble()).isCloseTo(tokens / seconds, within(1.0));
        assertThat(summary.path("documentsPerSecond").asDouble()).isCloseTo(scored.size() / seconds, within(0.1));
        assertThat(summary.path("paddingFraction").asDouble()).isBetween(0.0, 0.3);
        assertThat(summary.path("maxWindows").asInt(-1)).isZero();
        assertThat(summary.path("documentsCapped").asInt(-1)).isZero();
        assertThat(summary.path("modelRevision").asText()).isEqualTo(ModelFolder.revision(model));
        assertThat(summary.path("tokenizerRevision").asText())
                .isEqualTo(scored.get(0).value().getScore().getTokenizerRevision());
    }

    @Test
    void givesTheSameBitsAgainWhateverTheTiming() throws Exception {
        List<Document> documents = Texts.documents(2, 80);
        try (ScorerCluster first = new ScorerCluster(SHARED.broker());
                ScorerCluster second = new ScorerCluster(SHARED.broker());
                ScorerCluster third = new ScorerCluster(SHARED.broker())) {
            first.ingest(documents);
            second.ingest(documents);
            third.ingest(documents);
            String flight = "scorer.flight.max.tokens=2000";
            assertThat(score(first, "--until-caught-up", "--set", flight).code())
                    .isZero();
            assertThat(score(
                                    second,
                                    "--until-caught-up",
                                    "--set",
                                    flight,
                                    "--set",
                                    "kafka.max.poll.records=7",
                                    "--set",
                                    "scorer.tokenizer.threads=1",
                                    "--set",
                                    "scorer.flight.linger.ms=0")
                            .code())
                    .isZero();
            assertThat(score(
                                    third,
                                    "--until-caught-up",
                                    "--set",
                                    "scorer.flight.max.tokens=500",
                                    "--set",
                                    "scorer.batch.max.tokens=300")
                            .code())
                    .isZero();

            Map<String, Double> nats = nats(first);
            assertThat(nats(second)).isEqualTo(nats).hasSizeGreaterThan(40);
            nats(third).forEach((id, value) -> assertThat(value / nats.get(id)).isCloseTo(1, within(1e-5)));
        }
    }

    private static Map<String, Double> nats(ScorerCluster cluster) {
        Map<String, Double> nats = new LinkedHashMap<>();
        cluster.scored()
                .forEach(scored -> nats.put(
                        scored.value().getDocument().getId(),
                        scored.value().getScore().getNats()));
        return nats;
    }

    @Test
    void saysWhatIsWrongWithAModelFolder() throws IOException {
        Path bare = Files.createDirectories(folder.resolve("bare"));
        ModelFolder.initialise(bare, ModelPreset.named("tiny").config(300), 1);
        Path empty = Files.createDirectories(folder.resolve("empty"));
        TestModels.tokenizer(empty);
        Path broken = TestModels.folder(folder, "broken", 1);
        Files.writeString(broken.resolve("tokenizer.json"), "{\"model\": 1}");
        Path narrow = Files.createDirectories(folder.resolve("narrow"));
        ModelFolder.initialise(narrow, ModelPreset.named("tiny").config(300), 1);
        Files.writeString(
                TestModels.tokenizer(narrow),
                Files.readString(narrow.resolve("tokenizer.json")).replace("\"id\" : 0,", "\"id\" : 400,"));

        assertFails(folder.resolve("nowhere"), "there is no model folder", "nowhere");
        assertFails(bare, "has no tokenizer.json", "bare");
        assertFails(empty, "cannot be read", "config.json");
        assertFails(broken, "tokenizer", "cannot be read");
        assertFails(narrow, "context token 400", "vocabulary of 300");
    }

    private static void assertFails(Path wrong, String... words) {
        try (ScorerCluster cluster = new ScorerCluster(SHARED.broker())) {
            List<String> arguments = new ArrayList<>(cluster.arguments());
            arguments.addAll(List.of("--model", wrong.toString(), "--until-caught-up"));
            Said said = CommandRun.of(new ScoreCommand(), arguments);
            assertThat(said.thrown()).isInstanceOf(ProgramFailure.class);
            assertThat(said.thrown()).hasMessageContainingAll(words);
            assertThat(said.out()).isEmpty();
        }
    }

    @Test
    void refusesUsesThatMakeNoSense() {
        for (List<String> arguments : List.of(
                List.<String>of(),
                List.of("--model", "m", "--devices", "gpu"),
                List.of("--model", "m", "--devices", "cuda"),
                List.of("--model", "m", "--devices", "cpu,cpu"),
                List.of("--model", "m", "--devices", "cpu,cuda:0"),
                List.of("--model", "m", "--dtype", "fp16"),
                List.of("--model", "m", "--max-windows", "-1"),
                List.of("--model", "m", "--max-windows", "some"),
                List.of("--model", "m", "--nonsense"))) {
            assertThat(CommandRun.of(new ScoreCommand(), arguments).code())
                    .as("%s", arguments)
                    .isEqualTo(2);
        }
    }

    @Test
    void distinguishesInvalidSettingsFromFailures() throws Exception {
        Said setting = CommandRun.of(
                new ScoreCommand(), List.of("--model", model.toString(), "--set", "scorer.batch.max.tokens=0"));
        assertThat(setting.thrown())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("scorer.batch.max.tokens");
        Said device = CommandRun.of(new ScoreCommand(), List.of("--model", model.toString(), "--devices", "cuda:99"));
        assertThat(device.thrown())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("device cuda:99 does not exist")
                .hasMessageContaining("libtorch 2.7.1");
        int free;
        try (ServerSocket probe = new ServerSocket(0)) {
            free = probe.getLocalPort();
        }
        Said broker = CommandRun.of(
                new ScoreCommand(),
                List.of(
                        "--model",
                        model.toString(),
                        "--bootstrap-servers",
                        "localhost:" + free,
                        "--until-caught-up",
                        "--set",
                        "kafka.default.api.timeout.ms=300",
                        "--set",
                        "kafka.request.timeout.ms=200"));
        assertThat(broker.thrown())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("no Kafka broker answers at localhost:" + free);
    }

    private static Said score(ScorerCluster cluster, String... more) {
        List<String> arguments = new ArrayList<>(cluster.arguments());
        arguments.addAll(List.of("--model", model.toString()));
        arguments.addAll(List.of(more));
        return CommandRun.of(new ScoreCommand(), arguments);
    }
}
