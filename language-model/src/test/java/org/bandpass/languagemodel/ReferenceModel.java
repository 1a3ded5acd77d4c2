package org.bandpass.languagemodel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The families in plain Java and double precision, position by position, as in their papers. */
abstract class ReferenceModel {
    final JsonNode config;
    final Map<String, double[]> weights;

    ReferenceModel(JsonNode config, Map<String, double[]> weights) {
        this.config = config;
        this.weights = weights;
    }

    static ReferenceModel load(Path folder) throws IOException {
        JsonNode config =
                new ObjectMapper().readTree(folder.resolve("config.json").toFile());
        Map<String, double[]> weights = tensors(folder.resolve("model.safetensors"));
        return switch (config.get("model_type").asText()) {
            case "mpt" -> new ReferenceMpt(config, weights);
            case "gpt2" -> new ReferenceGpt2(config, weights);
            case "gpt_neox" -> new ReferenceGptNeox(config, weights);
            case "llama" -> new ReferenceLlama(config, weights);
            default -> throw new IllegalArgumentException(folder.toString());
        };
    }

    /** The fp32 tensors of a safetensors file. */
    static Map<String, double[]> tensors(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) bytes.getLong();
        JsonNode json = new ObjectMapper().readTree(bytes.array(), 8, header);
        Map<String, double[]> found = new HashMap<>();
        json.properties().forEach(tensor -> {
            if (!tensor.getKey().equals("__metadata__")) {
                int begin = tensor.getValue().get("data_offsets").get(0).asInt();
                int end = tensor.getValue().get("data_offsets").get(1).asInt();
                double[] numbers = new double[(end - begin) / 4];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = bytes.getFloat(8 + header + begin + 4 * i);
                }
                found.put(tensor.getKey(), numbers);
            }
        });
        return found;
    }

    /** Input of the output projection: [T][D]. */
    abstract double[][] hidden(int[] ids);

    /** The output projection: [V * D], row by row. */
    abstract double[] head();

    /** -ln p of each id but the first. */
    double[] nats(int[] row) {
        double[][] hidden = hidden(Arrays.copyOf(row, row.length - 1));
        double[] nats = new double[hidden.length];
        for (int t = 0; t < nats.length; t++) {
            double[] logits = product(head(), hidden[t], null);
            double largest = Arrays.stream(logits).max().orElseThrow();
            double sum = Arrays.stream(logits).map(l -> Math.exp(l - largest)).sum();
            nats[t] = largest + Math.log(sum) - logits[row[t + 1]];
        }
        return nats;
    }

    double[] weight(String name) {
        double[] weight = weights.get(name);
        if (weight == null) {
            throw new IllegalArgumentException("no weight " + name);
        }
        return weight;
    }

    int size(String key) {
        return config.get(key).intValue();
    }

    double[] row(String name, int index, int width) {
        return Arrays.copyOfRange(weight(name), index * width, (index + 1) * width);
    }

    /** y = W x + b with W stored [out, in]. */
    static double[] product(double[] weight, double[] x, double[] bias) {
        double[] y = new double[weight.length / x.length];
        for (int o = 0; o < y.length; o++) {
            double sum = bias == null ? 0 : bias[o];
            for (int i = 0; i < x.length; i++) {
                sum += weight[o * x.length + i] * x[i];
            }
            y[o] = sum;
        }
        return y;
    }

    static double[] plus(double[] a, double[] b) {
        double[] sum = a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b[i];
        }
        return sum;
    }

    static double[] layerNorm(double[] x, double[] gain, double[] offset, double epsilon) {
        double mean = Arrays.stream(x).average().orElseThrow();
        double variance =
                Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = (x[i] - mean) / Math.sqrt(variance + epsilon) * gain[i] + (offset == null ? 0 : offset[i]);
        }
        return y;
    }

    /** A weight for each earlier position and this one, from its score. */
    interface Score {
        double of(int query, int key);
    }

    /** One head: for each position the average of the values up to it, weighted by the softmax of the scores. */
    static double[][] attend(double[][] values, Score score) {
        double[][] out = new double[values.length][values[0].length];
        for (int t = 0; t < values.length; t++) {
            double[] p = new double[t + 1];
            double largest = Double.NEGATIVE_INFINITY;
            for (int s = 0; s <= t; s++) {
                p[s] = score.of(t, s);
                largest = Math.max(largest, p[s]);
            }
            double sum = 0;
            for (int s = 0; s <= t; s++) {
                p[s] = Math.exp(p[s] - largest);
                sum += p[s];
            }
            for (int s = 0; s <= t; s++) {
                for (int i = 0; i < out[t].length; i++) {
                    out[t][i] += p[s] / sum * values[s][i];
                }
            }
        }
        return out;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** Columns of each row. */
    static double[][] slice(double[][] rows, int from, int size) {
        double[][] slices = new double[rows.length][];
        for (int t = 0; t < rows.length; t++) {
            slices[t] = Arrays.copyOfRange(rows[t], from, from + size);
        }
        return slices;
    }

    static void put(double[][] from, double[][] to, int at) {
        for (int t = 0; t < from.length; t++) {
            System.arraycopy(from[t], 0, to[t], at, from[t].length);
        }
    }

    /**
     * Rotates the first {@code rotated} numbers of each position: number i against number i + rotated / 2, by the angle
     * t · theta^(-2 i / divisor).
     */
    static void rotate(double[][] rows, int rotated, int divisor, double theta) {
        int half = rotated / 2;
        for (int t = 0; t < rows.length; t++) {
            for (int i = 0; i < half; i++) {
                double angle = t * Math.pow(theta, -2.0 * i / divisor);
                double a = rows[t][i];
                double b = rows[t][i + half];
                rows[t][i] = a * Math.cos(angle) - b * Math.sin(angle);
                rows[t][i + half] = b * Math.cos(angle) + a * Math.sin(angle);
            }
        }
    }

    static double activation(String name, double x) {
        return switch (name) {
            case "gelu" -> 0.5 * x * (1 + erf(x / Math.sqrt(2)));
            case "gelu_new" -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case "silu" -> x / (1 + Math.exp(-x));
            case "relu" -> Math.max(0, x);
            default -> throw new IllegalArgumentException(name);
        };
    }

    static double[] activated(String name, double[] x) {
        return Arrays.stream(x).map(v -> activation(name, v)).toArray();
    }

    /** 2 / sqrt(pi) · exp(-x²) · sum of 2^n x^(2n+1) / (2n+1)!!. */
    private static double erf(double x) {
        if (Math.abs(x) > 6) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
}
