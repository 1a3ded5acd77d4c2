package org.bandpass.trainer.run;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.bandpass.languagemodel.TrainingRecipe;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.OffsetRange;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.trainer.data.DataSet;
import org.bandpass.trainer.data.RunData;
import org.jspecify.annotations.Nullable;

/**
 * A run that is ready to train; nothing of it changes while it is trained.
 *
 * @param documents the snapshot of its data; empty where it has ended
 * @param last its last checkpoint, or null
 * @param reported its record in training-runs, or null
 * @param fresh whether it begins now
 * @param letters refused records, by position
 */
record PreparedRun(
        RunRequest request,
        RunData data,
        TrainedModel model,
        RunDefinition definition,
        DataSet documents,
        @Nullable Checkpoint last,
        @Nullable TrainingRun reported,
        boolean fresh,
        Map<String, DeadLetter> letters) {

    String name() {
        return request.run();
    }

    RunProgress progress() {
        return last == null ? RunProgress.none() : last.progress();
    }

    TrainingRecipe recipe() {
        return model.recipe(definition.budget(), request.dtype(), definition.learningRate());
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

    /** Returns the run's record in training-runs. */
    TrainingRun.Builder record(RunState state, RunProgress progress, @Nullable Checkpoint checkpoint) {
        RunProgress.EndedBy ended = progress.endedBy();
        return TrainingRun.newBuilder()
                .setRunId(name())
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
                .setEndedBy(ended == null ? null : ended.name().toLowerCase(Locale.ROOT))
                .setCheckpoint(checkpoint == null ? null : checkpoint.folder().toString())
                .setSnapshot(definition.snapshot())
                .setManifest(definition.manifest().toString())
                .setSeconds(progress.seconds())
                .setUpdatedAt(Instant.now());
    }
}
