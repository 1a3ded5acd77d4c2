package org.bandpass.languagemodel;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
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

    private static final double DEVIATION = 0.02;

    Llama {
        if (heads % keyHeads != 0) {
            throw new ModelFormatException(
                    "llama: num_attention_heads " + heads + " is not a multiple of num_key_value_heads " + keyHeads);
        }
        rope.rotated(headSize);
    }

    /** A Llama of that shape: head size width / heads, SwiGLU of 8/3 the width, tied embeddings. */
    static Llama of(int vocabulary, int context, int width, int layers, int heads, int keyHeads) {
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
        List<Weight> weights = new ArrayList<>();
        weights.add(Weight.lookup("embed_tokens.weight", DEVIATION, vocabulary, width));
        for (int i = 0; i < layers; i++) {
            String attention = "layers." + i + ".self_attn.";
            String feedForward = "layers." + i + ".mlp.";
            weights.add(Weight.gain("layers." + i + ".input_layernorm.weight", width));
            weights.add(Weight.product(attention + "q_proj.weight", DEVIATION, heads * headSize, width));
            weights.add(Weight.product(attention + "k_proj.weight", DEVIATION, keyHeads * headSize, width));
            weights.add(Weight.product(attention + "v_proj.weight", DEVIATION, keyHeads * headSize, width));
            weights.add(Weight.product(attention + "o_proj.weight", DEVIATION, width, heads * headSize));
            weights.add(Weight.gain("layers." + i + ".post_attention_layernorm.weight", width));
            weights.add(Weight.product(feedForward + "gate_proj.weight", DEVIATION, inner, width));
            weights.add(Weight.product(feedForward + "up_proj.weight", DEVIATION, inner, width));
            weights.add(Weight.product(feedForward + "down_proj.weight", DEVIATION, width, inner));
            if (attentionBiased) {
                weights.add(Weight.bias(attention + "q_proj.bias", heads * headSize));
                weights.add(Weight.bias(attention + "k_proj.bias", keyHeads * headSize));
                weights.add(Weight.bias(attention + "v_proj.bias", keyHeads * headSize));
                weights.add(Weight.bias(attention + "o_proj.bias", width));
            }
            if (feedForwardBiased) {
                weights.add(Weight.bias(feedForward + "gate_proj.bias", inner));
                weights.add(Weight.bias(feedForward + "up_proj.bias", inner));
                weights.add(Weight.bias(feedForward + "down_proj.bias", width));
            }
        }
        weights.add(Weight.gain("norm.weight", width));
        if (!tied) {
            weights.add(Weight.product(headName(), DEVIATION, vocabulary, width));
        }
        return weights;
    }

    @Override
    public Map<String, Object> values() {
        Map<String, Object> values = new HashMap<>();
        values.put("width", width);
        values.put("layers", layers);
        values.put("heads", heads);
        values.put("kv_heads", keyHeads);
        values.put("grouped", keyHeads < heads);
        values.put("group", heads / keyHeads);
        values.put("head_size", headSize);
        values.put("half", headSize / 2);
        values.put("theta", rope.theta());
        values.put("epsilon", epsilon);
        values.put("attention_biased", attentionBiased);
        values.put("feed_forward_biased", feedForwardBiased);
        values.put("layer_weights", 9 + (attentionBiased ? 4 : 0) + (feedForwardBiased ? 3 : 0));
        for (String name : List.of("q", "k", "v", "o")) {
            values.put(name + "_bias", attentionBiased ? ", " + name + "_bias" : "");
        }
        for (String name : List.of("gate", "up", "down")) {
            values.put(name + "_bias", feedForwardBiased ? ", " + name + "_bias" : "");
        }
        activation.into(values);
        return values;
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putArray("architectures").add("LlamaForCausalLM");
        json.put("model_type", family());
        // Else transformers takes those of the family's first release, which need not be in this vocabulary.
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
    public String headName() {
        return "lm_head.weight";
    }

    @Override
    public boolean skipped(String name) {
        return name.matches("(layers\\.\\d+\\.self_attn\\.)?rotary_emb\\.inv_freq");
    }
}
