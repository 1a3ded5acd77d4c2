package org.bandpass.languagemodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bandpass.languagemodel.file.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of a config.json that are used, refused by name, or ignored. */
class ModelConfigTest {
    private static final String MPT = "\"model_type\": \"mpt\", \"d_model\": 8, \"n_heads\": 2, \"n_layers\": 1";
    private static final String GPT2 = "\"model_type\": \"gpt2\", \"n_embd\": 8, \"n_head\": 2, \"n_layer\": 1";
    private static final String NEOX = "\"model_type\": \"gpt_neox\", \"hidden_size\": 40, \"num_attention_heads\": 2,"
            + " \"num_hidden_layers\": 1";
    private static final String LLAMA = "\"model_type\": \"llama\", \"hidden_size\": 8, \"num_attention_heads\": 2,"
            + " \"num_hidden_layers\": 1, \"max_position_embeddings\": 64";

    @TempDir
    private Path folder;

    private ModelConfig read(String family, String more) throws IOException {
        String base = switch (family) {
            case "mpt" -> MPT;
            case "gpt2" -> GPT2;
            case "gpt_neox" -> NEOX;
            default -> LLAMA;
        };
        Files.writeString(folder.resolve("config.json"), "{" + base + (more.isEmpty() ? "" : ", " + more) + "}");
        return ModelConfig.read(folder);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "mpt | \"attn_config\": {\"alibi\": false} | attn_config: alibi = false",
                "mpt | \"attn_config\": {\"alibi_bias_max\": 16} | attn_config: alibi_bias_max = 16",
                "mpt | \"attn_config\": {\"qk_ln\": true} | attn_config: qk_ln = true",
                "mpt | \"attn_config\": {\"prefix_lm\": true} | attn_config: prefix_lm = true",
                "mpt | \"attn_config\": {\"rope\": true} | attn_config: rope = true",
                "mpt | \"attn_config\": {\"sliding_window_size\": 128} | attn_config: sliding_window_size = 128",
                "mpt | \"attn_config\": {\"attn_type\": \"multiquery_attention\"} | attn_config: attn_type = \"multiquery",
                "mpt | \"attn_config\": {\"attn_uses_sequence_id\": true} | attn_config: attn_uses_sequence_id = true",
                "mpt | \"expansion_ratio\": 2 | expansion_ratio = 2",
                "mpt | \"no_bias\": false | no_bias = false",
                "mpt | \"logit_scale\": \"inv_sqrt_d_model\" | logit_scale = \"inv_sqrt_d_model\"",
                "mpt | \"norm_type\": \"rmsnorm\" | norm_type = \"rmsnorm\"",
                "mpt | \"ffn_config\": {\"ffn_type\": \"mptglu\"} | ffn_config: ffn_type = \"mptglu\"",
                "gpt2 | \"activation_function\": \"quick_gelu\" | activation_function = \"quick_gelu\"",
                "gpt2 | \"add_cross_attention\": true | add_cross_attention = true",
                "gpt_neox | \"hidden_act\": \"gelu_10\" | hidden_act = \"gelu_10\"",
                "gpt_neox | \"head_dim\": 8 | head_dim = 8",
                "gpt_neox | \"rope_scaling\": {\"type\": \"linear\", \"factor\": 2.0} | rope_scaling: type = \"linear\"",
                "llama | \"hidden_act\": \"xielu\" | hidden_act = \"xielu\"",
                "llama | \"rope_scaling\": {\"rope_type\": \"llama3\", \"factor\": 8} | rope_scaling: rope_type = \"llama3\"",
                "llama | \"rope_parameters\": {\"rope_type\": \"yarn\"} | rope_parameters: rope_type = \"yarn\"",
                "llama | \"rope_parameters\": {\"full_attention\": {}} | rope_parameters: full_attention = {}",
                "llama | \"sliding_window\": 16 | sliding_window = 16",
                "llama | \"layer_types\": [\"full_attention\", \"sliding_attention\"] | layer_types = [",
                "llama | \"quantization_config\": {\"quant_method\": \"gptq\"} | quantization_config = {",
                "gpt2 | \"per_layer_config\": {\"0\": {\"n_head\": 1}} | per_layer_config = {",
            })
    void aFeatureThatIsNotImplementedIsRefusedByName(String family, String more, String message) {
        assertThatThrownBy(() -> read(family, more))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("config.json: " + message)
                .hasMessageContaining("changes the numbers and is not implemented");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "gpt2 | \"vocab_size\": 0 | vocab_size: expected a whole number from 1 to 16777216, found 0",
                "gpt2 | \"vocab_size\": \"many\" | vocab_size: expected a whole number from 1 to 16777216, found \"many\"",
                "gpt2 | \"n_layer\": 5000 | n_layer: expected a whole number from 1 to 1024, found 5000",
                "gpt2 | \"layer_norm_epsilon\": 0 | layer_norm_epsilon: expected a number above 0, found 0",
                "gpt2 | \"tie_word_embeddings\": 1 | tie_word_embeddings: expected true or false, found 1",
                "gpt2 | \"model_type\": \"bert\" | model_type: expected mpt, gpt2, gpt_neox or llama, found \"bert\"",
                "mpt | \"n_heads\": 3 | mpt: d_model 8 is not a multiple of n_heads 3",
                "mpt | \"attn_config\": 5 | attn_config: expected an object, found 5",
                "llama | \"num_key_value_heads\": 3 | num_attention_heads 2 is not a multiple of num_key_value_heads 3",
                "llama | \"head_dim\": 5 | rotary: 6 numbers of a head of 5 would be rotated",
            })
    void anInvalidValueIsRefused(String family, String more, String message) {
        assertThatThrownBy(() -> read(family, more))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "", "{\"model_type\": ", "7", "{}"})
    void aFileThatIsNoConfigIsRefused(String text) throws IOException {
        Files.writeString(folder.resolve("config.json"), text);
        assertThatThrownBy(() -> ModelConfig.read(folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("config.json: ");
    }

    @Test
    void keysThatTransformersIgnoresAreIgnored() throws IOException {
        assertThat(read(
                        "mpt",
                        "\"learned_pos_emb\": true, \"emb_pdrop\": 0.1, \"attn_config\": {\"attn_impl\": \"triton\"}"))
                .isEqualTo(read("mpt", ""));
        assertThat(read("gpt2", "\"n_ctx\": 5, \"reorder_and_upcast_attn\": true, \"torch_dtype\": \"bfloat16\""))
                .isEqualTo(read("gpt2", ""));
        assertThat(
                        read(
                                "llama",
                                "\"rope_theta\": 5.0, \"partial_rotary_factor\": 0.5,"
                                        + " \"rope_parameters\": {\"rope_theta\": 500.0, \"rope_type\": \"default\", \"factor\": 2}"))
                .isEqualTo(read("llama", "\"rope_theta\": 500.0"));
    }

    @Test
    void bothSpellingsMeanTheSame() throws IOException {
        assertThat(read("llama", "\"rope_theta\": 500.0, \"rope_scaling\": null"))
                .isEqualTo(read("llama", "\"rope_parameters\": {\"rope_theta\": 500.0, \"rope_type\": \"default\"}"))
                .isNotEqualTo(read("llama", ""));
        assertThat(read("gpt_neox", "\"rotary_pct\": 0.5, \"rotary_emb_base\": 500"))
                .isEqualTo(read(
                        "gpt_neox", "\"rope_parameters\": {\"rope_theta\": 500.0, \"partial_rotary_factor\": 0.5}"))
                .isNotEqualTo(read("gpt_neox", ""));
        assertThat(read("gpt2", "\"hidden_size\": 16, \"max_position_embeddings\": 7"))
                .isEqualTo(read("gpt2", "\"n_embd\": 16, \"n_positions\": 7"));
        assertThat(read("mpt", "\"hidden_size\": 16, \"num_hidden_layers\": 3"))
                .isEqualTo(read("mpt", "\"d_model\": 16, \"n_layers\": 3"));
    }

    @ParameterizedTest
    @MethodSource("org.bandpass.languagemodel.TinyModels#configs")
    void whatIsWrittenIsReadBack(ModelConfig config) throws IOException {
        Files.writeString(folder.resolve("config.json"), config.json().toPrettyString());
        assertThat(ModelConfig.read(folder)).isEqualTo(config);
    }

    @Test
    void presetsHaveThePapersShapes() {
        assertThat(ModelPreset.named("mpt-125m").config(100_352).parameters()).isBetween(161_000_000L, 163_000_000L);
        assertThat(ModelPreset.named("mpt-1b").config(100_352).parameters()).isBetween(1_400_000_000L, 1_420_000_000L);
        assertThat(ModelPreset.named("mpt-3b").config(100_352).parameters()).isBetween(2_760_000_000L, 2_780_000_000L);
        TrainingRecipe recipe = ModelPreset.named("mpt-3b").recipe(49_591, 512);
        assertThat(recipe.optimizer()).isEqualTo(Optimizer.LION);
        assertThat(recipe.learningRate()).isEqualTo(1.6e-4);
        assertThat(recipe.weightDecay()).isEqualTo(1.6e-4);
        assertThat(recipe.beta2()).isEqualTo(0.95);
        assertThat(recipe.sequenceTokens()).isEqualTo(2048);
        assertThatThrownBy(() -> ModelPreset.named("mpt-7b")).hasMessageContaining("mpt-125m, mpt-1b, mpt-3b");
    }
}
