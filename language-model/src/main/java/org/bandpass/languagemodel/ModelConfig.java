package org.bandpass.languagemodel;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.bandpass.languagemodel.file.JsonFile;

/** The shape of a model and the switches of its family, as {@code config.json} has them. */
public final class ModelConfig {
    private final Architecture architecture;
    private final List<String> ignored;

    ModelConfig(Architecture architecture, List<String> ignored) {
        this.architecture = architecture;
        this.ignored = ignored;
    }

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
        refuseInEveryFamily(config, architecture.context());
        return new ModelConfig(architecture, config.ignored());
    }

    private static void refuseInEveryFamily(ConfigReader config, int context) {
        config.absent("quantization_config");
        config.absent("per_layer_config");
        if (config.flag("use_sliding_window", true) && config.size("sliding_window", context) < context) {
            throw config.notImplemented("sliding_window", "only null or the whole context");
        }
        config.everyText("layer_types", "full_attention");
    }

    Architecture architecture() {
        return architecture;
    }

    /** {@code model_type}: mpt, gpt2, gpt_neox, llama. */
    public String family() {
        return architecture.family();
    }

    public int vocabularySize() {
        return architecture.vocabulary();
    }

    /** Most ids that can be an input at once. */
    public int contextLength() {
        return architecture.context();
    }

    public int width() {
        return architecture.width();
    }

    public int layers() {
        return architecture.layers();
    }

    public int heads() {
        return architecture.heads();
    }

    /** How many numbers the weights are; tied ones count once. */
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
            products += (long) vocabularySize() * width();
        }
        return 2 * products + 2L * layers() * tokens * width();
    }

    /** Keys of {@code config.json} that change no number and were not used. */
    public List<String> ignoredKeys() {
        return ignored;
    }

    public String toJson() {
        return architecture.json().toPrettyString() + "\n";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ModelConfig that && architecture.equals(that.architecture);
    }

    @Override
    public int hashCode() {
        return Objects.hash(architecture);
    }

    @Override
    public String toString() {
        return architecture.toString();
    }
}
