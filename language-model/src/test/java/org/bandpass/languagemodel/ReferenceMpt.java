package org.bandpass.languagemodel;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** MPT: ALiBi, no biases, queries, keys and values clipped. */
final class ReferenceMpt extends ReferenceModel {

    ReferenceMpt(JsonNode config, Map<String, double[]> weights) {
        super(config, weights);
    }

    @Override
    double[] head() {
        return weight(config.get("tie_word_embeddings").asBoolean() ? "transformer.wte.weight" : "lm_head.weight");
    }

    @Override
    double[][] hidden(int[] ids) {
        int width = size("d_model");
        double epsilon = config.get("layer_norm_epsilon").doubleValue();
        double[][] x = new double[ids.length][];
        for (int t = 0; t < ids.length; t++) {
            x[t] = row("transformer.wte.weight", ids[t], width);
        }
        for (int l = 0; l < size("n_layers"); l++) {
            String block = "transformer.blocks." + l + ".";
            double[][] qkv = new double[x.length][];
            for (int t = 0; t < x.length; t++) {
                double[] h = layerNorm(x[t], weight(block + "norm_1.weight"), null, epsilon);
                qkv[t] = clipped(product(weight(block + "attn.Wqkv.weight"), h, null));
            }
            double[][] attended = attention(qkv);
            for (int t = 0; t < x.length; t++) {
                x[t] = plus(x[t], product(weight(block + "attn.out_proj.weight"), attended[t], null));
                double[] h = layerNorm(x[t], weight(block + "norm_2.weight"), null, epsilon);
                double[] m = activated("gelu", product(weight(block + "ffn.up_proj.weight"), h, null));
                x[t] = plus(x[t], product(weight(block + "ffn.down_proj.weight"), m, null));
            }
        }
        for (int t = 0; t < x.length; t++) {
            x[t] = layerNorm(x[t], weight("transformer.norm_f.weight"), null, epsilon);
        }
        return x;
    }

    private double[] clipped(double[] qkv) {
        JsonNode clip = config.get("attn_config").get("clip_qkv");
        for (int i = 0; !clip.isNull() && i < qkv.length; i++) {
            qkv[i] = Math.max(-clip.doubleValue(), Math.min(clip.doubleValue(), qkv[i]));
        }
        return qkv;
    }

    private double[][] attention(double[][] qkv) {
        int width = size("d_model");
        int heads = size("n_heads");
        int size = width / heads;
        JsonNode told = config.get("attn_config").get("softmax_scale");
        double scale = told.isNull() ? 1 / Math.sqrt(size) : told.doubleValue();
        double[][] out = new double[qkv.length][width];
        for (int h = 0; h < heads; h++) {
            double[][] q = slice(qkv, h * size, size);
            double[][] k = slice(qkv, width + h * size, size);
            double slope = slope(h, heads);
            put(
                    attend(slice(qkv, 2 * width + h * size, size), (t, s) -> scale * dot(q[t], k[s]) - slope * (t - s)),
                    out,
                    h * size);
        }
        return out;
    }

    /** Press et al.: 2^(-8 k / n), k from 1; between powers of two the heads of the next one, every other first. */
    private static double slope(int head, int heads) {
        int power = 1;
        while (power < heads) {
            power *= 2;
        }
        int k;
        if (power == heads) {
            k = head + 1;
        } else {
            k = head < power / 2 ? 2 * (head + 1) : 2 * (head - power / 2) + 1;
        }
        return Math.pow(2, -8.0 * k / power);
    }
}
