package org.bandpass.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.bandpass.languagemodel.ModelConfig;
import org.bandpass.languagemodel.ModelFolder;

/**
 * A model of random weights and a batch for it.
 *
 * @param name of the size
 * @param family mpt or gpt2
 * @param rows of the batch
 * @param tokens predicted in each row
 */
record BenchmarkShape(
        String name, String family, int vocabulary, int width, int layers, int heads, int rows, int tokens) {

    /** The paper's reference shape. */
    static BenchmarkShape of125m(String family) {
        return new BenchmarkShape("125m", family, 50_368, 768, 12, 12, 8, 512);
    }

    /** 29 million weights. */
    static BenchmarkShape of29m(String family) {
        return new BenchmarkShape("29m", family, 8192, 512, 8, 8, 8, 512);
    }

    String title() {
        return family + "-" + name;
    }

    /** Writes the model as a folder; returns its configuration. */
    ModelConfig write(Path folder) throws IOException {
        String config = family.equals("mpt") ? """
                {"model_type": "mpt", "vocab_size": %d, "d_model": %d, "n_layers": %d, "n_heads": %d, "max_seq_len": %d,
                 "attn_config": {"clip_qkv": 6.0}}
                """ : """
                {"model_type": "gpt2", "vocab_size": %d, "n_embd": %d, "n_layer": %d, "n_head": %d, "n_positions": %d}
                """;
        Path asked = Files.createTempDirectory(folder, "config");
        Files.writeString(asked.resolve("config.json"), config.formatted(vocabulary, width, layers, heads, tokens));
        ModelConfig read = ModelConfig.read(asked);
        ModelFolder.initialise(folder, read, 1);
        return read;
    }

    /** Random rows, the same each time. */
    int[][] batch() {
        Random random = new Random(1);
        int[][] batch = new int[rows][];
        for (int r = 0; r < rows; r++) {
            batch[r] = random.ints(tokens + 1, 0, vocabulary).toArray();
        }
        return batch;
    }

    long predicted() {
        return (long) rows * tokens;
    }
}
