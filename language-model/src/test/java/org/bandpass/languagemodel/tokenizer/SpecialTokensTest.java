package org.bandpass.languagemodel.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file's options for training and for conversations do not change the tokens of a text. */
class SpecialTokensTest {
    @TempDir
    private Path folder;

    private TokenizerFolder tokenizer;

    @BeforeEach
    void makeTokenizer() {
        tokenizer = new TokenizerFolder(folder);
    }

    @Test
    void noSpecialTokenIsFoundInATextAndOthersKeepTheirIds() throws IOException {
        tokenizer.known(true, "</s>").added(true, "<|im_start|>").added(false, "   ", "xyz");
        try (TextTokenizer opened = tokenizer.open()) {
            assertThat(opened.encode("a</s>c<|im_start|>"))
                    .isEqualTo(letters(
                            "a", "<", "/", "s", ">", "c", "<", "|", "i", "m", "_", "s", "t", "a", "r", "t", "|", ">"));
            assertThat(opened.encode("ab   cxyz")).isEqualTo(letters("ab", "   ", "c", "xyz"));
            assertThat(opened.endOfText()).isEqualTo(tokenizer.id("</s>"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'bos_token': '</s>'}",
                "{'eos_token': {'content': '</s>', 'lstrip': false}}",
                "{'pad_token': '</s>'}",
                "{'additional_special_tokens': ['xx', '</s>']}",
                "{'additional_special_tokens': [{'content': '</s>'}]}",
                "{'extra_special_tokens': {'image': '</s>'}}",
                "{'added_tokens_decoder': {'34': {'content': '</s>', 'special': true}}}"
            })
    void aTokenNamedSpecialIsOneAlthoughTheFileDoesNotMarkIt(String config) throws IOException {
        tokenizer.known(false, "</s>").added(false, "xyz");
        for (String file : List.of("tokenizer_config.json", "special_tokens_map.json")) {
            if (file.startsWith("special") && config.contains("decoder")) {
                continue;
            }
            tokenizer.beside("tokenizer_config.json", "{}").beside(file, config);
            try (TextTokenizer opened = tokenizer.open()) {
                assertThat(opened.encode("c</s>xyz")).isEqualTo(letters("c", "<", "/", "s", ">", "xyz"));
            }
        }
        tokenizer.beside("tokenizer_config.json", "{}").beside("special_tokens_map.json", "{}");
        try (TextTokenizer opened = tokenizer.open()) {
            assertThat(opened.encode("c</s>xyz")).isEqualTo(letters("c", "</s>", "xyz"));
        }
    }

    @Test
    void aCharacterThatServesAsPaddingStaysVocabulary() throws IOException {
        tokenizer.known(true, "</s>", "_").known(true, "ab").beside("tokenizer_config.json", "{'pad_token': '_'}");
        try (TextTokenizer opened = tokenizer.open()) {
            assertThat(opened.encode("c_ab")).isEqualTo(letters("c", "_", "ab"));
        }
    }

    @Test
    void aModelThatTakesWholeWordsFromItsVocabularyTakesNoSpecialOne() throws IOException {
        tokenizer.known(true, "</s>");
        tokenizer.model().put("ignore_merges", true).put("unk_token", "</s>");
        try (TextTokenizer opened = tokenizer.open()) {
            assertThat(opened.encode("</s>")).isEqualTo(letters("<", "/", "s", ">"));
            assertThat(opened.encode("cÄ")).isEqualTo(letters("c", "</s>"));
        }
    }

    @Test
    void aModelThatChoosesPiecesChoosesNoSpecialOne() throws IOException {
        ObjectNode model =
                tokenizer.json().putObject("model").put("type", "Unigram").put("unk_id", 0);
        ArrayNode pieces = model.putArray("vocab");
        for (String piece : List.of("<unk>", "</s>", "<", "/", "s", ">", "c")) {
            pieces.addArray().add(piece).add(piece.length() > 1 ? 0.0 : -2.0);
        }
        tokenizer.beside("tokenizer_config.json", "{'eos_token': '</s>'}");
        try (TextTokenizer opened = tokenizer.open()) {
            assertThat(opened.encode("c</s>")).containsExactly(6, 2, 3, 4, 5);
            assertThat(opened.encode("cÄ")).containsExactly(6, 0);
            assertThat(opened.endOfText()).isEqualTo(1);
        }
    }

    @Test
    void nothingIsDroppedTruncatedOrPadded() throws IOException {
        tokenizer.known(true, "</s>").merge("c", "d").merge("cd", "e");
        String text = "abcdeabcde".repeat(20);
        int[] expected;
        try (TextTokenizer opened = tokenizer.open()) {
            expected = opened.encode(text);
        }
        assertThat(expected).hasSize(80);
        tokenizer.model().put("dropout", 0.5);
        tokenizer
                .json()
                .putObject("truncation")
                .put("direction", "Right")
                .put("max_length", 4)
                .put("strategy", "LongestFirst")
                .put("stride", 0);
        ObjectNode padding =
                tokenizer.json().putObject("padding").put("direction", "Right").put("pad_id", 0);
        padding.put("pad_type_id", 0).put("pad_token", "a").putNull("pad_to_multiple_of");
        padding.putObject("strategy").put("Fixed", 500);
        try (TextTokenizer opened = tokenizer.open()) {
            for (int i = 0; i < 6; i++) {
                assertThat(opened.encode(text)).isEqualTo(expected);
            }
        }
    }

    private int[] letters(String... tokens) {
        return Arrays.stream(tokens).mapToInt(tokenizer::id).toArray();
    }
}
