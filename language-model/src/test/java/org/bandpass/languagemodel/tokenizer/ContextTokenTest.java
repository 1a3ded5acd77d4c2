package org.bandpass.languagemodel.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bandpass.languagemodel.file.ModelFormatException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContextTokenTest {
    private static final String TEMPLATE =
            "{'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': '<s>', 'type_id': 0}},"
                    + " {'Sequence': {'id': 'A', 'type_id': 0}}], 'pair': [{'Sequence': {'id': 'A', 'type_id': 0}},"
                    + " {'Sequence': {'id': 'B', 'type_id': 0}}], 'special_tokens': {'<s>': {'id': '<s>', 'ids': [ID], 'tokens': ['<s>']}}}";
    private static final String AT_THE_END =
            "{'type': 'TemplateProcessing', 'single': [{'Sequence': {'id': 'A', 'type_id': 0}},"
                    + " {'SpecialToken': {'id': '<s>', 'type_id': 0}}], 'pair': [{'Sequence': {'id': 'A', 'type_id': 0}},"
                    + " {'Sequence': {'id': 'B', 'type_id': 0}}], 'special_tokens': {'<s>': {'id': '<s>', 'ids': [ID], 'tokens': ['<s>']}}}";
    private static final String BYTES = "{'type': 'ByteLevel', 'add_prefix_space': true, 'trim_offsets': false}";

    @TempDir
    private Path folder;

    private TokenizerFolder tokenizer;

    @BeforeEach
    void makeTokenizer() {
        tokenizer =
                new TokenizerFolder(folder).known(true, "</s>", "<s>", "<bos>").added(true, "<|im_end|>", "<|fin|>");
    }

    @Test
    void whatThePostProcessorPutsFirst() throws IOException {
        tokenizer.beside(
                "tokenizer_config.json", "{'eos_token': '</s>', 'bos_token': '<bos>', 'add_bos_token': false}");
        for (String processor : new String[] {
            TEMPLATE,
            "{'type': 'Sequence', 'processors': [" + BYTES + ", " + TEMPLATE + "]}",
            "{'type': 'RobertaProcessing', 'sep': ['</s>', 35], 'cls': ['<s>', ID], 'trim_offsets': true,"
                    + " 'add_prefix_space': false}",
            "{'type': 'BertProcessing', 'sep': ['</s>', 35], 'cls': ['<s>', ID]}"
        }) {
            post(processor);
            assertContext("<s>");
        }
        for (String processor : new String[] {AT_THE_END, BYTES}) {
            post(processor);
            assertContext("</s>");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'bos_token': '<bos>', 'add_bos_token': true} | <bos>",
                "{'bos_token': {'content': '<bos>'}, 'add_bos_token': true, 'tokenizer_class': 'GPT2Tokenizer'} | <bos>",
                "{'bos_token': '<bos>', 'add_bos_token': false, 'tokenizer_class': 'LlamaTokenizer'} | </s>",
                "{'bos_token': '<bos>', 'tokenizer_class': 'LlamaTokenizer'} | <bos>",
                "{'bos_token': '<bos>', 'tokenizer_class': 'LlamaTokenizerFast', 'add_bos_token': null} | <bos>",
                "{'tokenizer_class': 'LlamaTokenizer'} | <s>",
                "{'tokenizer_class': 'GemmaTokenizer'} | <bos>",
                "{'bos_token': null, 'tokenizer_class': 'LlamaTokenizer'} | </s>",
                "{'bos_token': '<bos>', 'tokenizer_class': 'GPT2Tokenizer'} | </s>",
                "{'bos_token': '<bos>', 'tokenizer_class': 'GPTNeoXTokenizer'} | </s>",
                "{'bos_token': '<bos>', 'tokenizer_class': 'PreTrainedTokenizerFast'} | </s>",
                "{'bos_token': '<bos>', 'tokenizer_class': 'Qwen2Tokenizer'} | </s>",
                "{'bos_token': '<bos>'} | </s>",
                "{'bos_token': 'unheard of', 'add_bos_token': true} | </s>",
            })
    void otherwiseTheBeginOfTextTokenWhereItsClassOrKeyAddsIt(String config, String expected) throws IOException {
        tokenizer.beside("tokenizer_config.json", config);
        assertContext(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '"',
            value = {
                "{'eos_token': '<|fin|>'} ~ <|fin|>",
                "{'eos_token': '<|im_end|>'} ~ </s>",
                "{'eos_token': '<|fin|>', 'chat_template': '{{ m.content }}<|fin|>'} ~ </s>",
                "{'eos_token': '<|fin|>', 'chat_template': [{'name': 'default', 'template': 'x<|fin|>'}]} ~ </s>",
                "{'eos_token': '<|fin|>', 'chat_template': '{{ m.content }}{{ eos_token }}'} ~ <|fin|>",
                "{'eos_token': '</s>', 'chat_template': '{{ m.content }}</s>'} ~ </s>",
            })
    void otherwiseEndOfTextButNeverTheEndOfATurn(String config, String expected) throws IOException {
        tokenizer.beside("tokenizer_config.json", config);
        assertContext(expected);
        try (TextTokenizer opened = tokenizer.open()) {
            assertThat(opened.endOfText()).isEqualTo(tokenizer.id(expected));
        }
    }

    @Test
    void theModelsOwnEndWhereNoUsualNameExists() throws IOException {
        TokenizerFolder other = new TokenizerFolder(folder).added(true, "<|im_end|>", "<|fin|>");
        other.beside("tokenizer_config.json", "{'eos_token': '<|im_end|>'}");
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> other.open().contextToken())
                .withMessageContaining("no end-of-text token");
        other.beside(
                "generation_config.json",
                "{'eos_token_id': [" + other.id("<|im_end|>") + ", " + other.id("<|fin|>") + "]}");
        try (TextTokenizer opened = other.open()) {
            assertThat(opened.contextToken().id()).isEqualTo(other.id("<|fin|>"));
        }
    }

    @Test
    void endOfTextForAModelThatLearnedTextsAfterIt() throws IOException {
        tokenizer.open().close();
        ContextToken.recordTrained(folder, folder);
        assertThat(folder.resolve("tokenizer_config.json")).doesNotExist();
        post(TEMPLATE);
        tokenizer.beside("tokenizer_config.json", "{'eos_token': '</s>', 'bos_token': '<s>'}");
        assertContext("<s>");
        ContextToken.recordTrained(folder, folder);
        assertContext("</s>");
        assertThat(folder.resolve("tokenizer_config.json")).content().contains("bos_token");
    }

    @Test
    void theEndOfTextOfTheTokenizersFolderWhereTheModelsLacksItsFiles(@TempDir Path model) throws IOException {
        tokenizer
                .beside("tokenizer_config.json", "{'eos_token': '<|fin|>'}")
                .beside("chat_template.jinja", "{{ m.content }}<|fin|>");
        assertContext("</s>");
        for (String name : new String[] {"tokenizer.json", "tokenizer_config.json"}) {
            Files.copy(folder.resolve(name), model.resolve(name));
        }
        ContextToken.recordTrained(folder, model);
        try (TextTokenizer opened = TextTokenizer.load(model)) {
            assertThat(opened.endOfText()).isEqualTo(tokenizer.id("</s>"));
            assertThat(opened.contextToken().id()).isEqualTo(tokenizer.id("</s>"));
        }
    }

    @Test
    void theTokenThatAUserGives() throws IOException {
        try (TextTokenizer opened = tokenizer.open()) {
            assertThat(opened.contextToken("<bos>").id()).isEqualTo(tokenizer.id("<bos>"));
            assertThat(opened.contextToken(String.valueOf(tokenizer.id("<bos>")))
                            .text())
                    .isEqualTo("<bos>");
            assertThatExceptionOfType(ModelFormatException.class)
                    .isThrownBy(() -> opened.contextToken("<nowhere>"))
                    .withMessageContaining("<nowhere>");
            assertThatExceptionOfType(ModelFormatException.class).isThrownBy(() -> opened.contextToken("-1"));
        }
    }

    private void post(String processor) throws IOException {
        String json =
                processor.replace("ID", String.valueOf(tokenizer.id("<s>"))).replace('\'', '"');
        tokenizer.json().set("post_processor", new ObjectMapper().readTree(json));
    }

    private void assertContext(String token) throws IOException {
        try (TextTokenizer opened = tokenizer.open()) {
            assertThat(opened.contextToken().id()).isEqualTo(tokenizer.id(token));
            assertThat(opened.contextToken().words()).contains("'" + token + "'");
        }
    }
}
