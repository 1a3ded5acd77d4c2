package org.bandpass.languagemodel;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** GPT-2: learned positions, biases, matrices stored [in, out]. */
final class ReferenceGpt2 extends ReferenceModel {

    ReferenceGpt2(JsonNode config, Map<String, double[]> weights) {
        super(config, weights);
    }

    @Override
    double[] head() {
        return weight(config.get("tie_word_embeddings").asBoolean() ? "transformer.wte.weight" : "lm_head.weight");
    }

    @Override
    double[][] hidden(int[] ids) {
        int width = size("n_embd");
        double[][] x = new double[ids.length][];
        for (int t = 0; t < ids.length; t++) {
            x[t] = plus(row("transformer.wte.weight", ids[t], width), row("transformer.wpe.weight", t, width));
        }
        for (int l = 0; l < size("n_layer"); l++) {
            String block = "transformer.h." + l + ".";
            double[][] qkv = new double[x.length][];
            for (int t = 0; t < x.length; t++) {
                qkv[t] = linear(block + "attn.c_attn", norm(block + "ln_1", x[t]));
            }
            double[][] attended = attention(qkv, l);
            for (int t = 0; t < x.length; t++) {
                x[t] = plus(x[t], linear(block + "attn.c_proj", attended[t]));
                double[] m = linear(block + "mlp.c_fc", norm(block + "ln_2", x[t]));
                m = activated(config.get("activation_function").asText(), m);
                x[t] = plus(x[t], linear(block + "mlp.c_proj", m));
            }
        }
        for (int t = 0; t < x.length; t++) {
            x[t] = norm("transformer.ln_f", x[t]);
        }
        return x;
    }

    private double[] norm(String name, double[] x) {
        double epsilon = config.get("layer_norm_epsilon").doubleValue();
        return layerNorm(x, weight(name + ".weight"), weight(name + ".bias"), epsilon);
    }

    private double[] linear(String name, double[] x) {
        double[] weight = weight(name + ".weight");
        double[] y = weight(name + ".bias").clone();
        for (int i = 0; i < x.length; i++) {
            for (int o = 0; o < y.length; o++) {
                y[o] += x[i] * weight[i * y.length + o];
            }
        }
        return y;
    }

    private double[][] attention(double[][] qkv, int layer) {
        int width = size("n_embd");
        int heads = size("n_head");
        int size = width / heads;
        double scale = (config.get("scale_attn_weights").asBoolean() ? 1 / Math.sqrt(size) : 1)
                / (config.get("scale_attn_by_inverse_layer_idx").asBoolean() ? layer + 1 : 1);
        double[][] out = new double[qkv.length][width];
        for (int h = 0; h < heads; h++) {
            double[][] q = slice(qkv, h * size, size);
            double[][] k = slice(qkv, width + h * size, size);
            put(attend(slice(qkv, 2 * width + h * size, size), (t, s) -> scale * dot(q[t], k[s])), out, h * size);
        }
        return out;
    }
}
