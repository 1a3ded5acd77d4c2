package org.bandpass.languagemodel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Checkpoints with chosen weights, and the content of their optimizer's file. */
final class CheckpointFiles {
    private static final String FIRST = "first_moment.";

    private CheckpointFiles() {}

    /** A checkpoint before the first step whose weights are those of {@link TinyModels}. */
    static Path start(Path folder, ModelConfig config, TrainingRecipe recipe, long seed) throws IOException {
        try (TrainingSession session = TrainingSession.start(config, recipe, 0, "cpu")) {
            session.save(Files.createDirectory(folder));
        }
        return TinyModels.write(folder, config, seed);
    }

    /** By the name of the weight. */
    static Map<String, double[]> firstMoments(Path checkpoint) throws IOException {
        Map<String, double[]> moments = new HashMap<>();
        ReferenceModel.tensors(checkpoint.resolve("optimizer.safetensors")).forEach((name, numbers) -> {
            if (name.startsWith(FIRST)) {
                moments.put(name.substring(FIRST.length()), numbers);
            }
        });
        return moments;
    }
}
