package org.bandpass.languagemodel;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Named shapes of models, with their recipes. */
public enum ModelPreset {
    /** About a million parameters with a vocabulary of 2,048: minutes on two cores. */
    TINY(new Shape(Mpt::of, 256, 128, 4, 4), new Training(Optimizer.ADAMW, 4e-3, 4e-4, 16)),
    /** About four million with a vocabulary of 4,096. */
    MINI(new Shape(Mpt::of, 256, 256, 4, 4), new Training(Optimizer.ADAMW, 2e-3, 2e-4, 16)),
    /** 20 to 30 million. */
    SMALL(new Shape(Mpt::of, 512, 512, 8, 8), new Training(Optimizer.ADAMW, 1e-3, 1e-4, 32)),
    /** The paper's reference model. */
    MPT_125M(new Shape(Mpt::of, 2048, 768, 12, 12), new Training(Optimizer.LION, 2e-4, 2e-4, 512)),
    /** The paper's smaller final model. */
    MPT_1B(new Shape(Mpt::of, 2048, 2048, 24, 16), new Training(Optimizer.LION, 2e-4, 2e-4, 512)),
    /** The paper's larger final model. */
    MPT_3B(new Shape(Mpt::of, 2048, 2560, 32, 32), new Training(Optimizer.LION, 1.6e-4, 1.6e-4, 512)),
    /** GPT-2's smallest shape. */
    GPT2_125M(new Shape(Gpt2::of, 1024, 768, 12, 12), new Training(Optimizer.ADAMW, 6e-4, 6e-5, 512)),
    /** Pythia's shape of that name. */
    GPT_NEOX_160M(new Shape(GptNeox::of, 2048, 768, 12, 12), new Training(Optimizer.ADAMW, 6e-4, 6e-5, 512)),
    /** A Llama of a million parameters or so. */
    LLAMA_TINY(new Shape(Llama::of, 256, 128, 4, 4), new Training(Optimizer.ADAMW, 4e-3, 4e-4, 16)),
    /** SmolLM's smallest shape, nearly. */
    LLAMA_135M(new Shape(Llama::of, 2048, 576, 30, 9), new Training(Optimizer.ADAMW, 3e-3, 3e-4, 512));

    /** A family's usual architecture of a shape. */
    private interface Family {
        Architecture of(int vocabulary, int context, int width, int layers, int heads);
    }

    private record Shape(Family family, int context, int width, int layers, int heads) {}

    private record Training(Optimizer optimizer, double rate, double decay, int rows) {}

    @SuppressWarnings("ImmutableEnumChecker") // a record of numbers and a family
    private final Shape shape;

    @SuppressWarnings("ImmutableEnumChecker") // a record of numbers and an optimizer
    private final Training training;

    ModelPreset(Shape shape, Training training) {
        this.shape = shape;
        this.training = training;
    }

    /** Returns the preset of that name; an error lists the names. */
    public static ModelPreset named(String name) {
        return Arrays.stream(values())
                .filter(preset -> preset.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "preset " + name + " is unknown; expected one of " + String.join(", ", names())));
    }

    public static List<String> names() {
        return Arrays.stream(values()).map(ModelPreset::toString).toList();
    }

    /** The name that {@link #named} takes. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public ModelConfig config(int vocabularySize) {
        return new ModelConfig(shape.family.of(vocabularySize, shape.context, shape.width, shape.layers, shape.heads));
    }

    public int rowsPerStep() {
        return training.rows;
    }

    /** The preset's recipe for that many optimizer steps of that many rows of the whole context, in fp32. */
    public TrainingRecipe recipe(long steps, int rowsPerStep) {
        return new TrainingRecipe(
                training.optimizer,
                training.rate,
                training.decay,
                0.9,
                0.95,
                1,
                0.06,
                0.1,
                steps,
                rowsPerStep,
                // Some 8192 predicted tokens at once.
                Math.min(rowsPerStep, Math.max(1, 8192 / shape.context)),
                shape.context,
                "fp32");
    }
}
