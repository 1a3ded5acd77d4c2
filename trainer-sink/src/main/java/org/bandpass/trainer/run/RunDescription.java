package org.bandpass.trainer.run;

import java.time.Instant;
import org.bandpass.languagemodel.TrainingRecipe;
import org.bandpass.schemas.OffsetRange;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.trainer.data.RunData;
import org.jspecify.annotations.Nullable;

/**
 * Everything about a run that does not change while a trainer trains it.
 *
 * @param request what was asked for
 * @param data what it is trained on
 * @param model what is trained
 * @param definition what was fixed when it began
 */
record RunDescription(RunRequest request, RunData data, TrainedModel model, RunDefinition definition) {

    TrainingRecipe recipe() {
        return recipe(model, definition.budget(), request.compute().dtype(), definition.learningRate());
    }

    /**
     * Returns the way to train.
     *
     * @param learningRate peak of the rate, or null for the preset's; the decay of weights does not depend on it
     */
    static TrainingRecipe recipe(TrainedModel model, StepBudget budget, String dtype, @Nullable Double learningRate) {
        TrainingRecipe preset = model.recipe(budget, dtype);
        return learningRate == null ? preset : preset.withLearningRate(learningRate, preset.weightDecay());
    }

    long parameters() {
        return model.config().parameters();
    }

    long tokens(RunProgress progress) {
        return progress.steps() * definition.budget().tokensPerStep();
    }

    double epochs(RunProgress progress) {
        return progress.position()
                .epochs(definition.snapshot().stream()
                        .mapToLong(OffsetRange::getRecords)
                        .sum());
    }

    /** Returns what training-runs has to say of the run in a state. */
    TrainingRun.Builder record(RunState state, RunProgress progress) {
        EndedBy ended = progress.endedBy();
        return TrainingRun.newBuilder()
                .setRunId(request.run())
                .setState(state)
                .setRole(data.role())
                .setPlan(data.plan())
                .setBand(data.band())
                .setTopic(data.topic().name())
                .setSeed(request.seed())
                .setParameters(parameters())
                .setStep(progress.steps())
                .setSteps(definition.budget().steps())
                .setTokens(tokens(progress))
                .setTokenBudget(definition.budget().tokens())
                .setEpochs(epochs(progress))
                .setLosses(progress.losses().means())
                .setEndedBy(ended == null ? null : ended.word())
                .setSnapshot(definition.snapshot())
                .setManifest(definition.manifest().toString())
                .setSeconds(progress.seconds())
                .setUpdatedAt(Instant.now());
    }
}
