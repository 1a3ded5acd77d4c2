package org.bandpass.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bandpass.languagemodel.DocumentLikelihoods;
import org.bandpass.languagemodel.LanguageModel;
import org.bandpass.languagemodel.Likelihood;
import org.bandpass.languagemodel.ModelFolder;
import org.bandpass.languagemodel.ModelPreset;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.scorer.CommandRun.Said;
import org.bandpass.service.ConfigurationException;
import org.bandpass.service.ProgramFailure;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PerplexityCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path ORACLES =
            Path.of(System.getProperty("bandpass.root", "..")).resolve("../shared/oracles");

    @TempDir
    private static Path folder;

    private static Path model;

    @BeforeAll
    static void makeModel() throws IOException {
        model = TestModels.folder(folder, "model", 7);
    }

    @Test
    void scoresTextAsTheScorerDoes() throws IOException {
        String text = "Käse 🧀 and " + Texts.words(1, 3_000);
        Path file = Files.writeString(
                folder.resolve("texts.jsonl"),
                JSON.createObjectNode().put("id", "first").put("text", text) + "\n\n{\"text\": \"x\"}\n");

        List<JsonNode> lines = lines(run(List.of("--json", "--per-token", file.toString()), ""));

        assertThat(lines).hasSize(2);
        JsonNode first = lines.get(0);
        try (LanguageModel likelihood = LanguageModel.load(model, "cpu", "fp32");
                TextTokenizer tokenizer = TextTokenizer.load(model)) {
            int[] ids = tokenizer.encode(text);
            Likelihood expected = new DocumentLikelihoods(likelihood, tokenizer.endOfText(), 8192, 0)
                    .score(List.of(ids))
                    .get(0);
            assertThat(first.path("id").asText()).isEqualTo("first");
            assertThat(first.path("tokens").asInt()).isEqualTo(ids.length);
            assertThat(first.path("nats").asDouble() / expected.nats()).isCloseTo(1, within(1e-6));
            assertThat(first.path("windows").asInt()).isEqualTo(expected.windows());
            assertThat(first.path("meanNll").asDouble()).isCloseTo(expected.meanNll(), within(1e-5));
            assertThat(first.path("perplexity").asDouble() / expected.perplexity())
                    .isCloseTo(1, within(1e-5));
        }
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        assertThat(first.path("bytes").asInt()).isEqualTo(bytes);
        assertThat(first.path("bitsPerByte").asDouble())
                .isCloseTo(first.path("nats").asDouble() / bytes / Math.log(2), within(1e-9));
        assertThat(first.path("tokenNats")).hasSize(first.path("tokens").asInt());
        assertThat(lines.get(1).path("id").asText()).isEqualTo(file + ":3");
        assertThat(lines.get(1).path("tokens").asInt()).isEqualTo(1);
    }

    @Test
    void givesTheSameSumWithAndWithoutTokens() {
        String input = "{\"text\": \"" + "some words ".repeat(200) + "\"}";
        JsonNode with = lines(run(List.of("--json", "--per-token"), input)).get(0);
        JsonNode without = lines(run(List.of("--json"), input)).get(0);

        assertThat(with.path("nats").asDouble() / without.path("nats").asDouble())
                .isCloseTo(1, within(1e-6));
        assertThat(with.path("windows").asInt())
                .isEqualTo(without.path("windows").asInt())
                .isGreaterThan(1);
        assertThat(without.has("tokenNats")).isFalse();
    }

    @Test
    void doesNotPredictTheFirstIdUnlessSomethingStandsBeforeIt() {
        String ids = "{\"ids\": [5, 6, 7]}\n{\"ids\": [5]}";
        List<JsonNode> bare = lines(run(List.of("--json", "--per-token", "-"), ids));
        List<JsonNode> after = lines(run(List.of("--json", "--per-token", "--context-token", "5"), ids));

        assertThat(bare.get(0).path("tokens").asInt()).isEqualTo(2);
        assertThat(bare.get(0).path("bytes").isNull()).isTrue();
        assertThat(bare.get(0).path("bitsPerByte").isNull()).isTrue();
        assertThat(bare.get(0).path("id").asText()).isEqualTo("-:1");
        assertThat(bare.get(1).path("tokens").asInt(-1)).isZero();
        assertThat(bare.get(1).path("meanNll").isNull()).isTrue();
        assertThat(bare.get(1).path("tokenNats")).isEmpty();
        assertThat(after.get(0).path("tokens").asInt()).isEqualTo(3);
        assertThat(after.get(1).path("tokens").asInt()).isEqualTo(1);
        // [5, 6, 7] with the context token 5 is [5, 5, 6, 7] without one.
        assertThat(after.get(0).path("tokenNats"))
                .isEqualTo(lines(run(List.of("--json", "--per-token"), "{\"ids\": [5, 5, 6, 7]}"))
                        .get(0)
                        .path("tokenNats"));
    }

    @Test
    void beginsATextWithTheFoldersContextTokenOrTheOneThatIsNamed() throws IOException {
        Path begins = TestModels.folder(folder, "begins", 7);
        TextTokenizer tokenizer = TextTokenizer.load(begins);
        String letter = tokenizer.contextToken("5").text();
        tokenizer.close();
        Files.writeString(
                begins.resolve("tokenizer_config.json"),
                JSON.createObjectNode()
                        .put("bos_token", letter)
                        .put("add_bos_token", true)
                        .toString());
        String text = "{\"text\": \"some words\"}";

        String byFolder = CommandRun.of(
                        new PerplexityCommand(), List.of("--model", begins.toString(), "--json", "--per-token"), text)
                .out();

        assertThat(byFolder)
                .isEqualTo(run(List.of("--json", "--per-token", "--context-token", letter), text)
                        .out())
                .isEqualTo(run(List.of("--json", "--per-token", "--context-token", "5"), text)
                        .out())
                .isNotEqualTo(run(List.of("--json", "--per-token"), text).out());
    }

    @Test
    void capsWindows() {
        String text = Texts.words(4, 5_000).replace("\n", " ");
        JsonNode capped =
                lines(run(List.of("--json", "--max-windows", "1"), text)).get(0);

        assertThat(capped.path("windows").asInt()).isEqualTo(1);
        assertThat(capped.path("tokens").asInt()).isEqualTo(256);
        assertThat(capped.path("bytes").asInt()).isBetween(256, 4_000);
    }

    @Test
    void readsPlainTextLineByLine() {
        Said said = run(List.of("--per-token"), "one line\n\nanother line\n");

        assertThat(said.code()).isZero();
        assertThat(said.out().lines().filter(line -> line.contains("perplexity")))
                .hasSize(2)
                .first()
                .asString()
                .startsWith("-:1 ")
                .contains("8 bytes");
    }

    @Test
    void skipsAByteOrderMark() {
        String line = "{\"id\": \"a\", \"text\": \"one line\"}\n";

        assertThat(run(List.of("--json"), "\uFEFF" + line).out())
                .isEqualTo(run(List.of("--json"), line).out());
        assertThat(run(List.of(), "\uFEFFone line\n").out()).contains("8 bytes");
    }

    @Test
    void refusesALineAndContinues() {
        Said said = run(
                List.of("--json"),
                "{\"id\": \"good\", \"text\": \"a\"}\n{\"id\": \"bad\", \"text\": \n{\"id\": \"none\"}\n{\"text\": \"\"}\n"
                        + "{\"ids\": [1, 999]}\n{\"ids\": [1.5]}\n{\"ids\": []}\n{\"text\": \"a\", \"ids\": [1, 2]}\n"
                        + "[1]\n{\"id\": 7, \"text\": \"b\"}\n");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.thrown()).isNull();
        assertThat(lines(said).stream()
                        .map(line -> line.path("id").asText() + " "
                                + line.path("refused").asText("scored")))
                .containsExactly(
                        "good scored",
                        "-:2 malformed",
                        "-:3 no-text",
                        "-:4 empty-text",
                        "-:5 unknown-token",
                        "-:6 no-ids",
                        "-:7 empty-text",
                        "-:8 text-and-ids",
                        "-:9 malformed",
                        "7 scored");
    }

    @Test
    void scoresIdsWithoutATokenizer() throws IOException {
        Path bare = Files.createDirectories(folder.resolve("bare"));
        ModelFolder.initialise(bare, ModelPreset.named("tiny").config(300), 1);

        Said ids = CommandRun.of(
                new PerplexityCommand(), List.of("--model", bare.toString(), "--json"), "{\"ids\": [1, 2]}");
        Said text = CommandRun.of(
                new PerplexityCommand(), List.of("--model", bare.toString(), "--json"), "{\"text\": \"a\"}");

        assertThat(ids.code()).isZero();
        assertThat(text.thrown()).isInstanceOf(ProgramFailure.class).hasMessageContaining("no tokenizer.json");
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        assertThat(run(List.of("nowhere.txt"), "").thrown())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("nowhere.txt");
        Path latin = Files.write(folder.resolve("latin.txt"), new byte[] {'K', (byte) 0xe4, 's', 'e'});
        Said refused = run(List.of("--json", latin.toString()), "");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out()).contains("bad-encoding").contains("latin.txt");
        assertThat(CommandRun.of(new PerplexityCommand(), List.of("--model", "nowhere"), "")
                        .thrown())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("there is no model folder nowhere");
        assertThat(run(List.of("--device", "cuda:9"), "").thrown()).isInstanceOf(ConfigurationException.class);
        for (List<String> wrong : List.of(
                List.of("--device", "gpu"),
                List.of("--dtype", "fp16"),
                List.of("--max-windows", "-1"),
                List.of("--context-token", "300"),
                List.of("--context-token", "-1"),
                List.of("--context-token", "<nowhere>"),
                List.of("--nonsense"))) {
            assertThat(run(wrong, "").code()).as("%s", wrong).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tiny-mpt",
                "tiny-gpt-neox",
                "tiny-llama-gqa",
                "tiny-random-gpt2",
                "perturbed-gpt2",
                "aidreams-260k-llama"
            })
    void agreesWithTheOracle(String name) throws IOException {
        Path oracle = ORACLES.resolve(name);
        assumeTrue(Files.isDirectory(oracle), "no oracles at " + ORACLES);
        JsonNode says = JSON.readTree(oracle.resolve("oracle.json").toFile());
        StringBuilder input = new StringBuilder();
        List<JsonNode> expected = new ArrayList<>();
        for (JsonNode sequence : says.path("sequences")) {
            input.append("{\"ids\": ").append(sequence.path("input_ids")).append("}\n");
            expected.add(sequence.path("nll"));
        }

        Said said = CommandRun.of(
                new PerplexityCommand(),
                List.of("--model", oracle.toString(), "--json", "--per-token"),
                input.toString());

        assertThat(said.code()).isZero();
        List<JsonNode> lines = lines(said);
        assertThat(lines).hasSameSizeAs(expected).isNotEmpty();
        double tolerance = says.path("tolerance_nll").asDouble();
        for (int i = 0; i < lines.size(); i++) {
            JsonNode nats = lines.get(i).path("tokenNats");
            assertThat(nats.size()).isEqualTo(expected.get(i).size());
            for (int t = 0; t < nats.size(); t++) {
                assertThat(nats.get(t).asDouble())
                        .as("%s sequence %d token %d", name, i, t)
                        .isCloseTo(expected.get(i).get(t).asDouble(), within(tolerance));
            }
        }
    }

    private static Said run(List<String> more, String input) {
        List<String> arguments = new ArrayList<>(List.of("--model", model.toString()));
        arguments.addAll(more);
        return CommandRun.of(new PerplexityCommand(), arguments, input);
    }

    private static List<JsonNode> lines(Said said) {
        return said.out()
                .lines()
                .map(line -> {
                    try {
                        return JSON.readTree(line);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }
}
