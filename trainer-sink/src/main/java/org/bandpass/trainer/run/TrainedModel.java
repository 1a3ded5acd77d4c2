package org.bandpass.trainer.run;

import org.bandpass.languagemodel.ModelConfig;
import org.bandpass.languagemodel.ModelPreset;
import org.bandpass.languagemodel.TrainingRecipe;
import org.jspecify.annotations.Nullable;

/**
 * A model's shape and the way to train it.
 *
 * @param rowsPerStep rows of a step unless the budget is small
 * @param recipes the way to train for some steps, in fp32
 */
public record TrainedModel(String name, ModelConfig config, int rowsPerStep, Recipes recipes) {

    interface Recipes {
        TrainingRecipe recipe(long steps, int rowsPerStep);
    }

    /**
     * Returns the way to train for a budget.
     *
     * @param learningRate peak of the rate, or null for the preset's; the decay of weights does not depend on it
     */
    TrainingRecipe recipe(StepBudget budget, String dtype, @Nullable Double learningRate) {
        TrainingRecipe preset =
                recipes.recipe(budget.steps(), budget.rowsPerStep()).withDtype(dtype);
        return learningRate == null ? preset : preset.withLearningRate(learningRate, preset.weightDecay());
    }

    /** Returns predicted tokens of a row. */
    public int sequenceTokens() {
        return recipes.recipe(1, 1).sequenceTokens();
    }

    public static TrainedModel of(ModelPreset preset, int vocabularySize) {
        return new TrainedModel(
                preset.presetName(), preset.config(vocabularySize), preset.rowsPerStep(), preset::recipe);
    }
}
