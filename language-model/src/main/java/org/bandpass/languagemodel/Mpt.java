package org.bandpass.languagemodel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bandpass.languagemodel.file.ModelFormatException;

/**
 * MPT as {@code transformers} computes it: ALiBi, no biases, inner width 4 D, exact GELU.
 *
 * @param clip largest absolute value of q, k and v; 0 = no limit
 * @param scale factor of q · k
 */
record Mpt(
        int vocabulary,
        int context,
        int width,
        int layers,
        int heads,
        double clip,
        double scale,
        double epsilon,
        boolean tied)
        implements Architecture {

    private static final int EXPANSION = 4;
    private static final int BIAS_MAX = 8;

    Mpt {
        if (width % heads != 0) {
            throw new ModelFormatException("mpt: d_model " + width + " is not a multiple of n_heads " + heads);
        }
    }

    static Mpt of(int vocabulary, int context, int width, int layers, int heads) {
        return new Mpt(vocabulary, context, width, layers, heads, 6, usualScale(width, heads), 1e-5, true);
    }

    private static double usualScale(int width, int heads) {
        return 1 / Math.sqrt((double) width / heads);
    }

    static Mpt read(ConfigReader config) {
        int width = config.size(config.given("d_model", "hidden_size"), 2048);
        int heads = config.size(config.given("n_heads", "num_attention_heads"), 16);
        ConfigReader attention = config.object("attn_config");
        refuseOtherAttention(attention, heads);
        double clip = attention.number("clip_qkv", 0);
        if (clip < 0) {
            throw attention.wrong("clip_qkv", "a number from 0");
        }
        config.only("expansion_ratio", EXPANSION);
        config.only("no_bias", true);
        config.absent("logit_scale");
        config.oneOf("norm_type", "low_precision_layernorm", List.of("low_precision_layernorm", "layernorm"));
        config.absent("block_overrides");
        config.absent("final_logit_softcapping");
        ConfigReader feedForward = config.object("ffn_config");
        feedForward.oneOf("ffn_type", "mptmlp", List.of("mptmlp"));
        feedForward.absent("ffn_act_fn");
        return new Mpt(
                config.size("vocab_size", 50368),
                config.size("max_seq_len", 2048),
                width,
                config.layers(config.given("n_layers", "num_hidden_layers"), 24),
                heads,
                clip,
                attention.number("softmax_scale", usualScale(width, heads)),
                config.positive("layer_norm_epsilon", 1e-5),
                config.flag("tie_word_embeddings", true));
    }

    /** Refuses llm-foundry's options that {@code transformers} does not compute. */
    private static void refuseOtherAttention(ConfigReader attention, int heads) {
        attention.only("alibi", true);
        attention.only("alibi_bias_max", BIAS_MAX);
        attention.only("qk_ln", false);
        attention.only("qk_gn", false);
        attention.only("rope", false);
        attention.only("sliding_window_size", -1);
        attention.only("kv_n_heads", heads);
        attention.absent("attn_logit_softcapping");
        attention.only("prefix_lm", false);
        attention.only("attn_uses_sequence_id", false);
        attention.oneOf("attn_type", "multihead_attention", List.of("multihead_attention"));
    }

    @Override
    public String family() {
        return "mpt";
    }

    /**
     * Slopes of the heads: 2^(-8 k / P) for k = 1 … P, P the next power of two; where there are fewer heads than P, first
     * those of even k, then those of odd k, as many as needed (transformers, build_mpt_alibi_tensor).
     */
    static List<Float> slopes(int heads) {
        int powerOfTwo = Integer.highestOneBit(heads) == heads ? heads : Integer.highestOneBit(heads) << 1;
        IntStream order = IntStream.rangeClosed(1, powerOfTwo);
        if (powerOfTwo != heads) {
            order = IntStream.concat(
                    order.filter(k -> k % 2 == 0),
                    IntStream.rangeClosed(1, powerOfTwo).filter(k -> k % 2 == 1));
        }
        return order.limit(heads)
                .mapToObj(k -> (float) Math.pow(2, -(double) k * BIAS_MAX / powerOfTwo))
                .toList();
    }

    /**
     * Kaiming-normal by fan-in with the gain of a rectifier, the products that end in the residual stream divided by
     * sqrt(2 L), the embedding by the same function (llm-foundry, as the paper was run).
     */
    @Override
    public List<Weight> weights() {
        double deviation = Math.sqrt(2.0 / width);
        double toResidual = deviation / Math.sqrt(2.0 * layers);
        int inner = EXPANSION * width;
        WeightList weights = new WeightList().lookup("wte", deviation, vocabulary, width);
        for (int i = 0; i < layers; i++) {
            String block = "blocks." + i + ".";
            weights.gain(block + "norm_1", width)
                    .product(block + "attn.Wqkv", deviation, 3 * width, width)
                    .product(block + "attn.out_proj", toResidual, width, width)
                    .gain(block + "norm_2", width)
                    .product(block + "ffn.up_proj", deviation, inner, width)
                    .product(block + "ffn.down_proj", toResidual / Math.sqrt(EXPANSION), width, inner);
        }
        return weights.gain("norm_f", width).withHead(this, deviation);
    }

    @Override
    public Map<String, Object> values() {
        Map<String, Object> values = Architecture.super.values();
        values.put("alibi", true);
        values.put("scale", scale);
        values.put("clip", clip);
        values.put("clipped", clip > 0);
        values.put("slopes", slopes(heads).toString().replaceAll("[\\[\\]]", ""));
        return values;
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = json("MPTForCausalLM");
        json.put("d_model", width).put("n_heads", heads).put("n_layers", layers);
        json.put("expansion_ratio", EXPANSION).put("max_seq_len", context).put("vocab_size", vocabulary);
        json.put("resid_pdrop", 0.0).put("emb_pdrop", 0.0).put("learned_pos_emb", false);
        json.put("layer_norm_epsilon", epsilon).put("no_bias", true).put("norm_type", "low_precision_layernorm");
        json.put("tie_word_embeddings", tied);
        json.putNull("logit_scale");
        ObjectNode attention = json.putObject("attn_config");
        attention.put("attn_type", "multihead_attention").put("attn_pdrop", 0).put("attn_impl", "torch");
        attention.put("qk_ln", false).put("prefix_lm", false).put("attn_uses_sequence_id", false);
        attention.put("alibi", true).put("alibi_bias_max", BIAS_MAX);
        attention.put("clip_qkv", clip > 0 ? (Double) clip : null);
        attention.put("softmax_scale", scale == usualScale(width, heads) ? null : (Double) scale);
        return json;
    }
}
