package org.bandpass.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.scorer.CommandRun.Said;
import org.bandpass.service.ProgramFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizeCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SHARED =
            Path.of(System.getProperty("bandpass.root", "..")).resolve("../shared");

    @TempDir
    private Path folder;

    @Test
    void printsIds() throws IOException {
        Path tokenizer = TestModels.tokenizer(folder);
        String input = "{\"id\": \"a\", \"text\": \"some words\"}\n{\"text\": \"\"}\n{\"ids\": [1]}\n";

        Said json = run(tokenizer, input, "--json");
        Said words = run(tokenizer, "some words\n");

        assertThat(json.code()).isEqualTo(1);
        List<String> lines = json.out().lines().toList();
        JsonNode first = JSON.readTree(lines.get(0));
        assertThat(first.path("id").asText()).isEqualTo("a");
        assertThat(JSON.convertValue(first.path("ids"), int[].class)).isEqualTo(encoded(tokenizer, "some words"));
        assertThat(JSON.readTree(lines.get(1)).path("ids").isArray()).isTrue();
        assertThat(JSON.readTree(lines.get(2)).path("refused").asText()).isEqualTo("no-text");
        assertThat(words.code()).isZero();
        assertThat(words.out().strip().split(" ")).hasSameSizeAs(encoded(tokenizer, "some words"));
    }

    @Test
    void aTextAtWhichTheNativeTokenizerPanicsIsRefusedAndTheNextIsNot() throws IOException {
        String input = Files.readString(Texts.resource(folder, "tokenizer-nested-quantifier.jsonl"));

        Said said = run(Texts.resource(folder, "tokenizer-nested-quantifier.json"), input, "--json");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.thrown()).isNull();
        List<String> lines = said.out().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(JSON.readTree(lines.get(0)).path("ids").toString()).isEqualTo("[0,1]");
        assertThat(JSON.readTree(lines.get(1)).path("refused").asText()).isEqualTo("tokenizer-failed");
        assertThat(JSON.readTree(lines.get(2)).path("ids").toString()).isEqualTo("[0,0,1]");
    }

    @Test
    void saysWhatIsWrongWithATokenizer() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.json"), "[]");

        assertThat(run(broken, "x").thrown())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("broken.json")
                .hasMessageContaining("JSON object");
        assertThat(run(folder.resolve("nowhere.json"), "x").thrown())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("nowhere.json");
        assertThat(run(Files.createDirectories(folder.resolve("empty")), "x").thrown())
                .isInstanceOf(ProgramFailure.class);
        assertThat(CommandRun.of(new TokenizeCommand(), List.of(), "x").code()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"gpt2", "gpt-neox-20b"})
    void agreesWithTheOracle(String name) throws IOException {
        Path cases = SHARED.resolve("oracles/tokenizers/" + name + ".json");
        Path tokenizer = SHARED.resolve("data/tokenizers/" + name + "/tokenizer.json");
        assumeTrue(Files.exists(cases) && Files.exists(tokenizer), "no oracle for " + name);
        JsonNode oracle = JSON.readTree(cases.toFile());
        StringBuilder input = new StringBuilder();
        oracle.forEach(entry -> input.append(
                JSON.createObjectNode().put("text", entry.path("text").asText()) + "\n"));

        Said said = run(tokenizer, input.toString(), "--json");

        assertThat(said.code()).isZero();
        List<String> lines = said.out().lines().toList();
        assertThat(lines).hasSize(oracle.size()).isNotEmpty();
        for (int i = 0; i < lines.size(); i++) {
            assertThat(JSON.readTree(lines.get(i)).path("ids"))
                    .as("case %d of %s", i, name)
                    .isEqualTo(oracle.get(i).path("ids"));
        }
    }

    private static int[] encoded(Path tokenizer, String text) {
        try (TextTokenizer opened = TextTokenizer.load(tokenizer)) {
            return opened.encode(text);
        }
    }

    private static Said run(Path tokenizer, String input, String... more) {
        List<String> arguments = new ArrayList<>(List.of("--tokenizer", tokenizer.toString()));
        arguments.addAll(List.of(more));
        return CommandRun.of(new TokenizeCommand(), arguments, input);
    }
}
