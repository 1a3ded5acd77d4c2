package org.bandpass.trainer.run;

import java.time.Duration;
import org.bandpass.languagemodel.ModelConfig;
import org.bandpass.languagemodel.ModelPreset;
import org.bandpass.languagemodel.TrainingRecipe;
import org.bandpass.languagemodel.TrainingSession;
import org.jspecify.annotations.Nullable;

/**
 * A model's shape and the way to train it.
 *
 * @param rowsPerStep rows of a step unless the budget is small
 * @param recipes recipes in fp32
 */
public record TrainedModel(String name, ModelConfig config, int rowsPerStep, Recipes recipes) {

    private static final long MEASURED_NANOS = Duration.ofSeconds(3).toNanos();

    interface Recipes {
        TrainingRecipe recipe(long steps, int rowsPerStep);
    }

    public static TrainedModel of(ModelPreset preset, int vocabularySize) {
        return new TrainedModel(preset.toString(), preset.config(vocabularySize), preset.rowsPerStep(), preset::recipe);
    }

    /**
     * Returns the recipe for a budget.
     *
     * @param learningRate peak of the rate, or null for the preset's; the decay of weights does not depend on it
     */
    TrainingRecipe recipe(StepBudget budget, String dtype, @Nullable Double learningRate) {
        TrainingRecipe preset =
                recipes.recipe(budget.steps(), budget.rowsPerStep()).withDtype(dtype);
        return learningRate == null ? preset : preset.withLearningRate(learningRate);
    }

    /** Returns predicted tokens of a row. */
    public int sequenceTokens() {
        return recipes.recipe(1, 1).sequenceTokens();
    }

    /** Measures how many tokens this machine trains on in a second, with steps that are discarded. */
    double tokensPerSecond(String device, String dtype) {
        int rows = recipes.recipe(1, rowsPerStep).rowsPerMicroBatch();
        TrainingRecipe recipe = recipes.recipe(1000, rows).withDtype(dtype);
        int[][] ids = new int[rows][recipe.sequenceTokens() + 1];
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < ids[r].length; i++) {
                ids[r][i] = (31 * r + 7 * i) % config.vocabularySize();
            }
        }
        try (TrainingSession session = TrainingSession.start(config, recipe, 1, device)) {
            // The first step also allocates.
            session.step(ids);
            long began = System.nanoTime();
            long tokens = 0;
            do {
                session.step(ids);
                tokens += (long) rows * recipe.sequenceTokens();
            } while (System.nanoTime() - began < MEASURED_NANOS);
            return tokens / ((System.nanoTime() - began) / 1e9);
        }
    }
}
