package org.bandpass.languagemodel;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** Llama: RMSNorm, heads rotated whole, several query heads to a head of keys and values, a gated feed-forward. */
final class ReferenceLlama extends ReferenceModel {

    ReferenceLlama(JsonNode config, Map<String, double[]> weights) {
        super(config, weights);
    }

    @Override
    double[] head() {
        return weight(config.get("tie_word_embeddings").asBoolean() ? "model.embed_tokens.weight" : "lm_head.weight");
    }

    @Override
    double[][] hidden(int[] ids) {
        double[][] x = new double[ids.length][];
        for (int t = 0; t < ids.length; t++) {
            x[t] = row("model.embed_tokens.weight", ids[t], size("hidden_size"));
        }
        for (int l = 0; l < size("num_hidden_layers"); l++) {
            String layer = "model.layers." + l + ".";
            double[][] h = new double[x.length][];
            for (int t = 0; t < x.length; t++) {
                h[t] = norm(layer + "input_layernorm", x[t]);
            }
            double[][] attended = attention(layer + "self_attn.", h);
            for (int t = 0; t < x.length; t++) {
                x[t] = plus(x[t], linear(layer + "self_attn.o_proj", attended[t]));
                x[t] = plus(x[t], feedForward(layer + "mlp.", norm(layer + "post_attention_layernorm", x[t])));
            }
        }
        for (int t = 0; t < x.length; t++) {
            x[t] = norm("model.norm", x[t]);
        }
        return x;
    }

    private double[] norm(String name, double[] x) {
        double square = dot(x, x) / x.length;
        double[] y = weight(name + ".weight").clone();
        for (int i = 0; i < y.length; i++) {
            y[i] *= x[i] / Math.sqrt(square + config.get("rms_norm_eps").doubleValue());
        }
        return y;
    }

    private double[] linear(String name, double[] x) {
        return product(weight(name + ".weight"), x, weights.get(name + ".bias"));
    }

    private double[] feedForward(String mlp, double[] h) {
        double[] gate = activated(config.get("hidden_act").asText(), linear(mlp + "gate_proj", h));
        double[] up = linear(mlp + "up_proj", h);
        for (int i = 0; i < up.length; i++) {
            up[i] *= gate[i];
        }
        return linear(mlp + "down_proj", up);
    }

    private double[][] attention(String name, double[][] h) {
        int heads = size("num_attention_heads");
        int size = size("head_dim");
        int group = heads / size("num_key_value_heads");
        double theta = config.get("rope_theta").doubleValue();
        double[][] allQ = new double[h.length][];
        double[][] allK = new double[h.length][];
        double[][] allV = new double[h.length][];
        for (int t = 0; t < h.length; t++) {
            allQ[t] = linear(name + "q_proj", h[t]);
            allK[t] = linear(name + "k_proj", h[t]);
            allV[t] = linear(name + "v_proj", h[t]);
        }
        double[][] out = new double[h.length][heads * size];
        for (int i = 0; i < heads; i++) {
            double[][] q = slice(allQ, i * size, size);
            double[][] k = slice(allK, i / group * size, size);
            rotate(q, size, size, theta);
            rotate(k, size, size, theta);
            put(
                    attend(slice(allV, i / group * size, size), (t, s) -> dot(q[t], k[s]) / Math.sqrt(size)),
                    out,
                    i * size);
        }
        return out;
    }
}
