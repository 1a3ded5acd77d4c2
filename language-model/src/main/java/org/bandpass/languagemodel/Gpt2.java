package org.bandpass.languagemodel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.bandpass.languagemodel.file.ModelFormatException;

/**
 * GPT-2 as {@code transformers} computes it.
 *
 * @param inner width of the feed-forward
 * @param scaled whether q · k is divided by the root of the head size
 * @param scaledByLayer whether it is also divided by the layer's number, from 1
 */
record Gpt2(
        int vocabulary,
        int context,
        int width,
        int layers,
        int heads,
        int inner,
        Activation activation,
        double epsilon,
        boolean scaled,
        boolean scaledByLayer,
        boolean tied)
        implements Architecture {

    Gpt2 {
        if (width % heads != 0) {
            throw new ModelFormatException("gpt2: n_embd " + width + " is not a multiple of n_head " + heads);
        }
    }

    static Gpt2 of(int vocabulary, int context, int width, int layers, int heads) {
        return new Gpt2(
                vocabulary, context, width, layers, heads, 4 * width, Activation.TANH_GELU, 1e-5, true, false, true);
    }

    static Gpt2 read(ConfigReader config) {
        int width = config.size(config.given("n_embd", "hidden_size"), 768);
        config.only("add_cross_attention", false);
        return new Gpt2(
                config.size("vocab_size", 50257),
                config.size(config.given("n_positions", "max_position_embeddings"), 1024),
                width,
                config.layers(config.given("n_layer", "num_hidden_layers"), 12),
                config.size(config.given("n_head", "num_attention_heads"), 12),
                config.size("n_inner", 4 * width),
                Activation.read(config, "activation_function", Activation.TANH_GELU),
                config.positive("layer_norm_epsilon", 1e-5),
                config.flag("scale_attn_weights", true),
                config.flag("scale_attn_by_inverse_layer_idx", false),
                config.flag("tie_word_embeddings", true));
    }

    @Override
    public String family() {
        return "gpt2";
    }

    /** Normal with deviation 0.02, the products that end in the residual stream divided by sqrt(2 L). */
    @Override
    public List<Weight> weights() {
        double toResidual = DEVIATION / Math.sqrt(2.0 * layers);
        WeightList weights =
                new WeightList().lookup("wte", DEVIATION, vocabulary, width).lookup("wpe", DEVIATION, context, width);
        for (int i = 0; i < layers; i++) {
            String block = "h." + i + ".";
            weights.norm(block + "ln_1", width)
                    .product(block + "attn.c_attn", DEVIATION, width, 3 * width)
                    .bias(block + "attn.c_attn", 3 * width)
                    .product(block + "attn.c_proj", toResidual, width, width)
                    .bias(block + "attn.c_proj", width)
                    .norm(block + "ln_2", width)
                    .product(block + "mlp.c_fc", DEVIATION, width, inner)
                    .bias(block + "mlp.c_fc", inner)
                    .product(block + "mlp.c_proj", toResidual, inner, width)
                    .bias(block + "mlp.c_proj", width);
        }
        return weights.norm("ln_f", width).withHead(this, DEVIATION);
    }

    @Override
    public Map<String, Object> values() {
        Map<String, Object> values = Architecture.super.values();
        values.put("scale", scaled ? 1 / Math.sqrt((double) width / heads) : 1.0);
        values.put("scale_by_layer", scaledByLayer);
        activation.putInto(values);
        return values;
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = json("GPT2LMHeadModel");
        // Otherwise transformers uses the family's usual ids, which may be outside this vocabulary.
        json.putNull("bos_token_id").putNull("eos_token_id");
        json.put("vocab_size", vocabulary).put("n_positions", context).put("n_embd", width);
        json.put("n_layer", layers).put("n_head", heads).put("n_inner", inner);
        json.put("activation_function", activation.configName()).put("layer_norm_epsilon", epsilon);
        json.put("scale_attn_weights", scaled).put("scale_attn_by_inverse_layer_idx", scaledByLayer);
        json.put("resid_pdrop", 0.0).put("embd_pdrop", 0.0).put("attn_pdrop", 0.0);
        json.put("tie_word_embeddings", tied);
        return json;
    }

    @Override
    public boolean skipped(String name) {
        return name.matches("h\\.\\d+\\.attn\\.(bias|masked_bias)");
    }
}
