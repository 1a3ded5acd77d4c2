package org.bandpass.languagemodel;

/**
 * Hyperparameters of a training.
 *
 * @param learningRate the peak
 * @param weightDecay share of a weight that a step at the peak removes: decay is decoupled from the rate and follows its
 *     schedule, {@code weightDecay * rate / peak}
 * @param clipNorm largest global norm of the gradient; 0 = no limit
 * @param warmUpShare share of the steps in which the rate rises linearly
 * @param finalShare the last rate as a share of the peak, reached by a cosine
 * @param rowsPerStep rows of an optimizer step
 * @param rowsPerMicroBatch rows computed at once
 * @param sequenceTokens predicted tokens of a row
 * @param dtype fp32, or bf16: products in bf16 over fp32 weights
 */
public record TrainingRecipe(
        Optimizer optimizer,
        double learningRate,
        double weightDecay,
        double beta1,
        double beta2,
        double clipNorm,
        double warmUpShare,
        double finalShare,
        long steps,
        int rowsPerStep,
        int rowsPerMicroBatch,
        int sequenceTokens,
        String dtype) {

    public TrainingRecipe {
        require(learningRate > 0 && learningRate < 1, "learning rate", learningRate, "above 0 and below 1");
        require(weightDecay >= 0 && weightDecay < 1, "weight decay", weightDecay, "from 0 and below 1");
        require(beta1 >= 0 && beta1 < 1, "beta 1", beta1, "from 0 and below 1");
        require(beta2 >= 0 && beta2 < 1, "beta 2", beta2, "from 0 and below 1");
        require(clipNorm >= 0 && clipNorm <= Double.MAX_VALUE, "clip norm", clipNorm, "from 0");
        require(warmUpShare >= 0 && warmUpShare <= 1, "warm-up share", warmUpShare, "from 0 to 1");
        require(finalShare >= 0 && finalShare <= 1, "final share", finalShare, "from 0 to 1");
        require(steps > 0, "steps", steps, "above 0");
        require(rowsPerStep > 0, "rows per step", rowsPerStep, "above 0");
        require(
                rowsPerMicroBatch > 0 && rowsPerMicroBatch <= rowsPerStep,
                "rows per micro-batch",
                rowsPerMicroBatch,
                "from 1 to the rows per step, " + rowsPerStep);
        require(sequenceTokens > 0, "sequence tokens", sequenceTokens, "above 0");
        Torch.bf16(dtype);
    }

    private static void require(boolean holds, String name, Number value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + value + ", expected " + expected);
        }
    }

    public TrainingRecipe withDtype(String other) {
        return with(learningRate, other);
    }

    public TrainingRecipe withLearningRate(double rate) {
        return with(rate, dtype);
    }

    private TrainingRecipe with(double rate, String numbers) {
        return new TrainingRecipe(
                optimizer,
                rate,
                weightDecay,
                beta1,
                beta2,
                clipNorm,
                warmUpShare,
                finalShare,
                steps,
                rowsPerStep,
                rowsPerMicroBatch,
                sequenceTokens,
                numbers);
    }

    /** The rate of a step, counted from 0, as a share of the peak: linear up, then a cosine down. */
    double rateShare(long step) {
        long warmUp = Math.round(warmUpShare * steps);
        if (step < warmUp) {
            return (step + 1.0) / warmUp;
        }
        double done = Math.min(1, (step - warmUp) / Math.max(1.0, (double) (steps - warmUp)));
        return finalShare + (1 - finalShare) * 0.5 * (1 + StrictMath.cos(Math.PI * done));
    }
}
