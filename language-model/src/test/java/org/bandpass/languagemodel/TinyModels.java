package org.bandpass.languagemodel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bandpass.languagemodel.file.SafetensorsWriter;

/** Small models of every family and switch, with weights that make each switch matter. */
final class TinyModels {
    static final int VOCABULARY = 41;

    private TinyModels() {}

    static Stream<ModelConfig> configs() {
        return Stream.of(
                        new Mpt(VOCABULARY, 12, 24, 2, 4, 0.7, 0.4, 1e-5, true),
                        new Mpt(VOCABULARY, 12, 24, 2, 3, 0, 0.9, 1e-3, false),
                        new Gpt2(VOCABULARY, 12, 24, 2, 4, 40, Activation.TANH_GELU, 1e-5, true, false, true),
                        new Gpt2(VOCABULARY, 12, 24, 3, 3, 33, Activation.RELU, 1e-3, false, true, false),
                        new GptNeox(
                                VOCABULARY,
                                12,
                                24,
                                2,
                                2,
                                40,
                                Activation.GELU,
                                new RotaryKeys(10_000, 0.25),
                                1e-5,
                                true,
                                true,
                                false),
                        new GptNeox(
                                VOCABULARY,
                                12,
                                24,
                                2,
                                3,
                                33,
                                Activation.TANH_GELU,
                                new RotaryKeys(500, 1),
                                1e-3,
                                false,
                                false,
                                true),
                        new Llama(
                                VOCABULARY,
                                12,
                                24,
                                2,
                                4,
                                2,
                                6,
                                40,
                                Activation.SILU,
                                new RotaryKeys(10_000, 1),
                                1e-5,
                                false,
                                false,
                                true),
                        new Llama(
                                VOCABULARY,
                                12,
                                24,
                                2,
                                3,
                                1,
                                10,
                                33,
                                Activation.SILU,
                                new RotaryKeys(500, 1),
                                1e-3,
                                true,
                                true,
                                false))
                .map(architecture -> new ModelConfig(architecture));
    }

    /** Writes a folder of that config with uneven weights; returns it. */
    static Path write(Path folder, ModelConfig config, long seed) {
        Random random = new Random(seed);
        return write(folder, config, weight -> numbers(weight, random));
    }

    /** Writes a folder of that config whose logits are all 0. */
    static Path writeUniform(Path folder, ModelConfig config) {
        return write(folder, config, weight -> ByteBuffer.allocate((int) weight.size() * 4));
    }

    /** Writes a folder of that config whose weights are no numbers, as after a training that diverged. */
    static Path writeDiverged(Path folder, ModelConfig config) {
        return write(folder, config, weight -> {
            ByteBuffer fp32 = ByteBuffer.allocate((int) weight.size() * 4).order(ByteOrder.LITTLE_ENDIAN);
            while (fp32.hasRemaining()) {
                fp32.putFloat(Float.NaN);
            }
            return fp32.flip();
        });
    }

    private static Path write(Path folder, ModelConfig config, Function<Weight, ByteBuffer> numbers) {
        try {
            Files.createDirectories(folder);
            Files.deleteIfExists(folder.resolve("config.json"));
            Files.deleteIfExists(folder.resolve("model.safetensors"));
            Files.writeString(folder.resolve("config.json"), config.json().toPrettyString());
            try (SafetensorsWriter file = ModelFolder.weightsWriter(folder, config.architecture())) {
                for (Weight weight : config.architecture().weights()) {
                    file.write(numbers.apply(weight));
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteBuffer numbers(Weight weight, Random random) {
        ByteBuffer fp32 = ByteBuffer.allocate((int) weight.size() * 4).order(ByteOrder.LITTLE_ENDIAN);
        double mean = weight.role() == Weight.Role.GAIN ? 1 : 0;
        double deviation = weight.shape().size() == 1
                ? 0.3
                : 1.2 / Math.sqrt(weight.shape().get(1));
        while (fp32.hasRemaining()) {
            fp32.putFloat((float) (mean + deviation * random.nextGaussian()));
        }
        return fp32.flip();
    }

    /** That many random ids. */
    static int[] ids(int length, long seed) {
        return new Random(seed).ints(length, 0, VOCABULARY).toArray();
    }
}
