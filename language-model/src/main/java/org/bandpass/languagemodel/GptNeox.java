package org.bandpass.languagemodel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.bandpass.languagemodel.file.ModelFormatException;

/**
 * GPT-NeoX (Pythia) as {@code transformers} computes it.
 *
 * @param inner width of the feed-forward
 * @param parallel whether attention and feed-forward see the same input
 * @param biased whether the products of the attention have biases
 */
record GptNeox(
        int vocabulary,
        int context,
        int width,
        int layers,
        int heads,
        int inner,
        Activation activation,
        RotaryKeys rope,
        double epsilon,
        boolean parallel,
        boolean biased,
        boolean tied)
        implements Architecture {

    GptNeox {
        if (width % heads != 0) {
            throw new ModelFormatException(
                    "gpt_neox: hidden_size " + width + " is not a multiple of num_attention_heads " + heads);
        }
        rope.rotated(width / heads);
    }

    /** Pythia's switches: a quarter of each head rotated, side by side, untied. */
    static GptNeox of(int vocabulary, int context, int width, int layers, int heads) {
        return new GptNeox(
                vocabulary,
                context,
                width,
                layers,
                heads,
                4 * width,
                Activation.GELU,
                new RotaryKeys(10_000, 0.25),
                1e-5,
                true,
                true,
                false);
    }

    static GptNeox read(ConfigReader config) {
        int width = config.size("hidden_size", 6144);
        int heads = config.size("num_attention_heads", 64);
        if (config.size("head_dim", width / heads) != width / heads) {
            throw config.notImplemented("head_dim", "only hidden_size / num_attention_heads");
        }
        return new GptNeox(
                config.size("vocab_size", 50432),
                config.size("max_position_embeddings", 2048),
                width,
                config.layers("num_hidden_layers", 44),
                heads,
                config.size("intermediate_size", 24576),
                Activation.read(config, "hidden_act", Activation.GELU),
                RotaryKeys.ofGptNeox(config),
                config.positive("layer_norm_eps", 1e-5),
                config.flag("use_parallel_residual", true),
                config.flag("attention_bias", true),
                config.flag("tie_word_embeddings", false));
    }

    @Override
    public String family() {
        return "gpt_neox";
    }

    @Override
    public List<Weight> weights() {
        WeightList weights = new WeightList().lookup("embed_in", DEVIATION, vocabulary, width);
        for (int i = 0; i < layers; i++) {
            String layer = "layers." + i + ".";
            weights.norm(layer + "input_layernorm", width)
                    .product(layer + "attention.query_key_value", DEVIATION, 3 * width, width)
                    .biasIf(biased, layer + "attention.query_key_value", 3 * width)
                    .product(layer + "attention.dense", DEVIATION, width, width)
                    .biasIf(biased, layer + "attention.dense", width)
                    .norm(layer + "post_attention_layernorm", width)
                    .product(layer + "mlp.dense_h_to_4h", DEVIATION, inner, width)
                    .bias(layer + "mlp.dense_h_to_4h", inner)
                    .product(layer + "mlp.dense_4h_to_h", DEVIATION, width, inner)
                    .bias(layer + "mlp.dense_4h_to_h", width);
        }
        return weights.norm("final_layer_norm", width).withHead(this, DEVIATION);
    }

    @Override
    public Map<String, Object> values() {
        int headSize = width / heads;
        int rotary = rope.rotated(headSize);
        Map<String, Object> values = Architecture.super.values();
        values.put("divisor", rope.divisor(headSize));
        values.put("rotary", rotary);
        values.put("half", rotary / 2);
        values.put("partial", rotary < headSize);
        values.put("theta", rope.theta());
        values.put("parallel", parallel);
        values.put("biased", biased);
        values.put("layer_weights", biased ? 12 : 10);
        activation.putInto(values);
        return values;
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = json("GPTNeoXForCausalLM");
        // Otherwise transformers uses the family's usual ids, which may be outside this vocabulary.
        json.putNull("bos_token_id").putNull("eos_token_id");
        json.put("vocab_size", vocabulary)
                .put("max_position_embeddings", context)
                .put("hidden_size", width);
        json.put("num_hidden_layers", layers).put("num_attention_heads", heads).put("intermediate_size", inner);
        json.put("hidden_act", activation.configName()).put("layer_norm_eps", epsilon);
        json.put("rotary_pct", rope.share()).put("rotary_emb_base", rope.theta());
        json.put("use_parallel_residual", parallel).put("attention_bias", biased);
        json.put("tie_word_embeddings", tied);
        return json;
    }

    @Override
    public String basePrefix() {
        return "gpt_neox.";
    }

    @Override
    public String headName() {
        return "embed_out.weight";
    }

    /** {@code transformers} 5 calls the output projection as the other families do, and writes its older name. */
    @Override
    public String plainName(String stored) {
        String plain = Architecture.super.plainName(stored);
        return plain.equals("lm_head.weight") ? headName() : plain;
    }

    @Override
    public boolean skipped(String name) {
        return name.matches("(layers\\.\\d+\\.attention\\.)?rotary_emb\\.inv_freq")
                || name.matches("layers\\.\\d+\\.attention\\.(bias|masked_bias)");
    }
}
