package org.bandpass.languagemodel;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Locale;
import org.bandpass.languagemodel.file.JsonFile;

/** The shape of a model and the switches of its family, as in {@code config.json}. */
public record ModelConfig(Architecture architecture) {

    /** Reads a folder's {@code config.json}; keys that change no number are ignored, as {@code transformers} does. */
    public static ModelConfig read(Path folder) {
        Path file = folder.resolve("config.json");
        ConfigReader config = new ConfigReader(file.toString(), JsonFile.read(file));
        Architecture architecture = switch (config.text("model_type", "")) {
            case "mpt" -> Mpt.read(config);
            case "gpt2" -> Gpt2.read(config);
            case "gpt_neox" -> GptNeox.read(config);
            case "llama" -> Llama.read(config);
            default -> throw config.wrong("model_type", "mpt, gpt2, gpt_neox or llama");
        };
        int context = architecture.context();
        config.absent("quantization_config");
        config.absent("per_layer_config");
        if (config.flag("use_sliding_window", true) && config.size("sliding_window", context) < context) {
            throw config.notImplemented("sliding_window", "only null or the whole context");
        }
        config.everyText("layer_types", "full_attention");
        return new ModelConfig(architecture);
    }

    public int vocabularySize() {
        return architecture.vocabulary();
    }

    /** Most ids that can be an input at once. */
    public int contextLength() {
        return architecture.context();
    }

    /** Describes the shape for people. */
    public String words() {
        return String.format(
                Locale.ROOT,
                "%s, width %d, %d layers, %d heads, context %d, vocabulary %,d",
                architecture.family(),
                architecture.width(),
                architecture.layers(),
                architecture.heads(),
                contextLength(),
                vocabularySize());
    }

    /** The number of weights; tied ones count once. */
    public long parameters() {
        return architecture.weights().stream().mapToLong(Weight::size).sum();
    }

    /**
     * Floating-point operations of one predicted token, forward: twice the weights in matrix products, the output projection
     * included, and 2 · layers · tokens · width for causal attention.
     */
    public long forwardFlops(int tokens) {
        long products = architecture.weights().stream()
                .filter(w -> w.role() == Weight.Role.PRODUCT)
                .mapToLong(Weight::size)
                .sum();
        if (architecture.tied()) {
            products += (long) vocabularySize() * architecture.width();
        }
        return 2 * products + 2L * architecture.layers() * tokens * architecture.width();
    }

    public JsonNode json() {
        return architecture.json();
    }

    @Override
    public String toString() {
        return architecture.toString();
    }
}
