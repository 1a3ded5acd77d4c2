package org.bandpass.languagemodel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.bandpass.languagemodel.file.ModelFormatException;

/**
 * Llama as {@code transformers} computes it.
 *
 * @param keyHeads heads of keys and values
 * @param headSize numbers of a head; heads · headSize need not be the width
 * @param inner width of the feed-forward
 * @param attentionBiased whether q, k, v and o have biases
 * @param feedForwardBiased whether gate, up and down have biases
 */
record Llama(
        int vocabulary,
        int context,
        int width,
        int layers,
        int heads,
        int keyHeads,
        int headSize,
        int inner,
        Activation activation,
        RotaryKeys rope,
        double epsilon,
        boolean attentionBiased,
        boolean feedForwardBiased,
        boolean tied)
        implements Architecture {

    Llama {
        if (heads % keyHeads != 0) {
            throw new ModelFormatException(
                    "llama: num_attention_heads " + heads + " is not a multiple of num_key_value_heads " + keyHeads);
        }
        rope.rotated(headSize);
    }

    /** A Llama of that shape: two or three heads share keys, head size width / heads, SwiGLU of 8/3 the width, tied embeddings. */
    static Llama of(int vocabulary, int context, int width, int layers, int heads) {
        int keyHeads = heads % 3 == 0 ? heads / 3 : heads / 2;
        int inner = (8 * width / 3 + 63) / 64 * 64;
        return new Llama(
                vocabulary,
                context,
                width,
                layers,
                heads,
                keyHeads,
                width / heads,
                inner,
                Activation.SILU,
                new RotaryKeys(10_000, 1),
                1e-5,
                false,
                false,
                true);
    }

    static Llama read(ConfigReader config) {
        int width = config.size("hidden_size", 4096);
        int heads = config.size("num_attention_heads", 32);
        if (!config.has("head_dim") && width % heads != 0) {
            throw config.wrong("hidden_size", "a multiple of num_attention_heads, " + heads);
        }
        return new Llama(
                config.size("vocab_size", 32000),
                config.size("max_position_embeddings", 2048),
                width,
                config.layers("num_hidden_layers", 32),
                heads,
                config.size("num_key_value_heads", heads),
                config.size("head_dim", width / heads),
                config.size("intermediate_size", 11008),
                Activation.read(config, "hidden_act", Activation.SILU),
                RotaryKeys.ofLlama(config),
                config.positive("rms_norm_eps", 1e-6),
                config.flag("attention_bias", false),
                config.flag("mlp_bias", false),
                config.flag("tie_word_embeddings", false));
    }

    @Override
    public String family() {
        return "llama";
    }

    /** Normal with deviation 0.02. */
    @Override
    public List<Weight> weights() {
        WeightList weights = new WeightList().lookup("embed_tokens", DEVIATION, vocabulary, width);
        for (int i = 0; i < layers; i++) {
            String attention = "layers." + i + ".self_attn.";
            String feedForward = "layers." + i + ".mlp.";
            weights.gain("layers." + i + ".input_layernorm", width)
                    .product(attention + "q_proj", DEVIATION, heads * headSize, width)
                    .product(attention + "k_proj", DEVIATION, keyHeads * headSize, width)
                    .product(attention + "v_proj", DEVIATION, keyHeads * headSize, width)
                    .product(attention + "o_proj", DEVIATION, width, heads * headSize)
                    .gain("layers." + i + ".post_attention_layernorm", width)
                    .product(feedForward + "gate_proj", DEVIATION, inner, width)
                    .product(feedForward + "up_proj", DEVIATION, inner, width)
                    .product(feedForward + "down_proj", DEVIATION, width, inner)
                    .biasIf(attentionBiased, attention + "q_proj", heads * headSize)
                    .biasIf(attentionBiased, attention + "k_proj", keyHeads * headSize)
                    .biasIf(attentionBiased, attention + "v_proj", keyHeads * headSize)
                    .biasIf(attentionBiased, attention + "o_proj", width)
                    .biasIf(feedForwardBiased, feedForward + "gate_proj", inner)
                    .biasIf(feedForwardBiased, feedForward + "up_proj", inner)
                    .biasIf(feedForwardBiased, feedForward + "down_proj", width);
        }
        return weights.gain("norm", width).withHead(this, DEVIATION);
    }

    @Override
    public Map<String, Object> values() {
        Map<String, Object> values = Architecture.super.values();
        values.put("kv_heads", keyHeads);
        values.put("grouped", keyHeads < heads);
        values.put("group", heads / keyHeads);
        values.put("head_size", headSize);
        values.put("half", headSize / 2);
        values.put("theta", rope.theta());
        values.put("attention_biased", attentionBiased);
        values.put("feed_forward_biased", feedForwardBiased);
        values.put("layer_weights", 9 + (attentionBiased ? 4 : 0) + (feedForwardBiased ? 3 : 0));
        for (String name : List.of("q", "k", "v", "o")) {
            values.put(name + "_bias", attentionBiased ? ", " + name + "_bias" : "");
        }
        for (String name : List.of("gate", "up", "down")) {
            values.put(name + "_bias", feedForwardBiased ? ", " + name + "_bias" : "");
        }
        activation.putInto(values);
        return values;
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = json("LlamaForCausalLM");
        // Otherwise transformers uses the family's usual ids, which may be outside this vocabulary.
        json.putNull("bos_token_id").putNull("eos_token_id");
        json.put("vocab_size", vocabulary)
                .put("max_position_embeddings", context)
                .put("hidden_size", width);
        json.put("num_hidden_layers", layers).put("num_attention_heads", heads);
        json.put("num_key_value_heads", keyHeads).put("head_dim", headSize).put("intermediate_size", inner);
        json.put("hidden_act", activation.configName()).put("rms_norm_eps", epsilon);
        json.put("rope_theta", rope.theta()).putNull("rope_scaling");
        json.put("attention_bias", attentionBiased).put("mlp_bias", feedForwardBiased);
        json.put("tie_word_embeddings", tied);
        return json;
    }

    @Override
    public String basePrefix() {
        return "model.";
    }

    @Override
    public boolean skipped(String name) {
        return name.matches("(layers\\.\\d+\\.self_attn\\.)?rotary_emb\\.inv_freq");
    }
}
