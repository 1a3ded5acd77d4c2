package org.bandpass.trainer.run;

import java.time.Duration;
import org.bandpass.languagemodel.TrainingRecipe;
import org.bandpass.languagemodel.TrainingSession;

/** Measures how many tokens this machine trains on in a second, with steps that are thrown away. */
final class MeasureSpeed {

    private static final long ENOUGH_NANOS = Duration.ofSeconds(3).toNanos();
    private static final double NANOS = 1e9;

    private MeasureSpeed() {}

    static double tokensPerSecond(TrainedModel model, RunRequest.Compute compute) {
        int rows = model.recipes().recipe(1, model.rowsPerStep()).rowsPerMicroBatch();
        TrainingRecipe recipe = model.recipes().recipe(1000, rows).withDtype(compute.dtype());
        int[][] ids = new int[rows][recipe.sequenceTokens() + 1];
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < ids[r].length; i++) {
                ids[r][i] = (31 * r + 7 * i) % model.config().vocabularySize();
            }
        }
        try (TrainingSession session = TrainingSession.start(model.config(), recipe, 1, compute.device())) {
            // The first step also allocates.
            session.step(ids);
            long began = System.nanoTime();
            long tokens = 0;
            do {
                session.step(ids);
                tokens += (long) rows * recipe.sequenceTokens();
            } while (System.nanoTime() - began < ENOUGH_NANOS);
            return tokens / ((System.nanoTime() - began) / NANOS);
        }
    }
}
