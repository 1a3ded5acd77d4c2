package org.bandpass.languagemodel.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTokenizerTest {
    private static final Path SHARED =
            Path.of(System.getProperty("bandpass.root", "..")).resolve("../shared");

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gpt-neox-20b"})
    void givesTheIdsOfTheOracle(String name) throws IOException {
        Path cases = SHARED.resolve("oracles/tokenizers/" + name + ".json");
        Path folder = SHARED.resolve("data/tokenizers/" + name);
        assumeTrue(Files.exists(cases) && Files.exists(folder), cases + " or " + folder + " is absent");
        try (TextTokenizer tokenizer = TextTokenizer.load(folder)) {
            for (JsonNode test : new ObjectMapper().readTree(cases.toFile())) {
                int[] expected = StreamSupport.stream(test.get("ids").spliterator(), false)
                        .mapToInt(JsonNode::asInt)
                        .toArray();
                assertThat(tokenizer.encode(test.get("text").asText())).isEqualTo(expected);
            }
        }
    }

    @Test
    void aTrainedTokenizerReadsBackEveryText(@TempDir Path folder) {
        List<String> texts =
                List.of("the cat and the dog and the bird", "naïve 😀 text\u0000 with\tall ` kinds\n\n of bytes");
        Path file = folder.resolve("tokenizer.json");
        BytePairTrainer.train(texts.iterator(), 270, file);
        try (TextTokenizer tokenizer = TextTokenizer.load(folder)) {
            assertThat(tokenizer.endOfText()).isZero();
            assertThat(tokenizer.vocabularySize()).isBetween(258, 270);
            for (String text : texts) {
                int[] ids = tokenizer.encode(text);
                assertThat(ids).isNotEmpty().doesNotContain(0);
                assertThat(tokenizer.bytesOf(text, ids.length)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
                TokenizedText tokenized = tokenizer.tokenize(text);
                assertThat(tokenized.ids()).isEqualTo(ids);
                for (int i = 0; i < ids.length; i++) {
                    assertThat(tokenized.ends()[i]).as("token %d", i).isEqualTo((int) tokenizer.bytesOf(text, i + 1));
                    assertThat(tokenized.bytes(i, ids.length) + tokenized.bytes(0, i))
                            .isEqualTo(tokenized.ends()[ids.length - 1]);
                }
            }
            for (String text : texts) {
                int[] ended = IntStream.concat(
                                IntStream.of(tokenizer.encode(text)), IntStream.of(tokenizer.endOfText()))
                        .toArray();
                assertThat(tokenizer.decode(ended)).isEqualTo(text);
            }
            assertThat(tokenizer.decode(new int[0])).isEmpty();
            assertThat(tokenizer.beginOfText()).isNull();
            assertThat(tokenizer.bytesOf("ab😀c", 1)).isEqualTo(1);
            assertThat(tokenizer.bytesOf("ab😀c", 6)).isEqualTo(6);
            assertThat(tokenizer.encode("\uD83D")).isEqualTo(tokenizer.encode("\uFFFD"));
        }
    }
}
