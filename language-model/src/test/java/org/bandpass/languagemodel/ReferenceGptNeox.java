package org.bandpass.languagemodel;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** GPT-NeoX: a part of each head rotated, q, k and v of a head side by side, attention and feed-forward in parallel or in turn. */
final class ReferenceGptNeox extends ReferenceModel {

    ReferenceGptNeox(JsonNode config, Map<String, double[]> weights) {
        super(config, weights);
    }

    @Override
    double[] head() {
        return weight(config.get("tie_word_embeddings").asBoolean() ? "gpt_neox.embed_in.weight" : "embed_out.weight");
    }

    @Override
    double[][] hidden(int[] ids) {
        double[][] x = new double[ids.length][];
        for (int t = 0; t < ids.length; t++) {
            x[t] = row("gpt_neox.embed_in.weight", ids[t], size("hidden_size"));
        }
        boolean parallel = config.get("use_parallel_residual").asBoolean();
        for (int l = 0; l < size("num_hidden_layers"); l++) {
            String layer = "gpt_neox.layers." + l + ".";
            double[][] qkv = new double[x.length][];
            for (int t = 0; t < x.length; t++) {
                qkv[t] = linear(layer + "attention.query_key_value", norm(layer + "input_layernorm", x[t]));
            }
            double[][] attended = attention(qkv);
            for (int t = 0; t < x.length; t++) {
                double[] a = plus(x[t], linear(layer + "attention.dense", attended[t]));
                double[] h = norm(layer + "post_attention_layernorm", parallel ? x[t] : a);
                double[] m = activated(config.get("hidden_act").asText(), linear(layer + "mlp.dense_h_to_4h", h));
                x[t] = plus(a, linear(layer + "mlp.dense_4h_to_h", m));
            }
        }
        for (int t = 0; t < x.length; t++) {
            x[t] = norm("gpt_neox.final_layer_norm", x[t]);
        }
        return x;
    }

    private double[] norm(String name, double[] x) {
        double epsilon = config.get("layer_norm_eps").doubleValue();
        return layerNorm(x, weight(name + ".weight"), weight(name + ".bias"), epsilon);
    }

    private double[] linear(String name, double[] x) {
        return product(weight(name + ".weight"), x, weights.get(name + ".bias"));
    }

    private double[][] attention(double[][] qkv) {
        int width = size("hidden_size");
        int heads = size("num_attention_heads");
        int size = width / heads;
        int divisor = (int) (size * config.get("rotary_pct").doubleValue());
        int rotated = divisor + divisor % 2;
        double theta = config.get("rotary_emb_base").doubleValue();
        double[][] out = new double[qkv.length][width];
        for (int h = 0; h < heads; h++) {
            double[][] q = slice(qkv, 3 * h * size, size);
            double[][] k = slice(qkv, 3 * h * size + size, size);
            rotate(q, rotated, divisor, theta);
            rotate(k, rotated, divisor, theta);
            put(
                    attend(slice(qkv, 3 * h * size + 2 * size, size), (t, s) -> dot(q[t], k[s]) / Math.sqrt(size)),
                    out,
                    h * size);
        }
        return out;
    }
}
