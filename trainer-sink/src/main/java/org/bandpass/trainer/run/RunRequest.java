package org.bandpass.trainer.run;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bandpass.trainer.data.RunData;
import org.bandpass.trainer.data.Shuffle;
import org.jspecify.annotations.Nullable;

/**
 * What a user asks for.
 *
 * @param seed of weights and data order
 * @param resume whether a run that has begun there may continue
 * @param checkpointEvery steps between checkpoints, 0 for a time between them
 * @param learningRate peak of the rate; null for the preset's or, of a run that continues, the one it has
 */
public record RunRequest(
        String run,
        Choice choice,
        Path tokenizerFolder,
        Amount amount,
        long seed,
        Path out,
        boolean resume,
        boolean waitForTopics,
        Compute compute,
        long checkpointEvery,
        @Nullable Double learningRate) {

    /** Data as a user names them: the reference split, a band of a plan, or neither, which is the control. */
    public record Choice(
            boolean reference,
            @Nullable String plan,
            @Nullable String band) {}

    /** How long a run is trained; without tokens and minutes, 20 tokens for each parameter. */
    public record Amount(@Nullable Long tokens, @Nullable Double minutes) {

        /** Hoffmann et al., arXiv 2203.15556; the paper's control as well. */
        private static final long TOKENS_PER_PARAMETER = 20;

        long tokensFor(long parameters) {
            return tokens == null ? TOKENS_PER_PARAMETER * parameters : tokens;
        }
    }

    /** Where a model is computed, cpu or cuda:N, and in which numbers, fp32 or bf16. */
    public record Compute(String device, String dtype) {}

    /**
     * Returns what identifies the run, in the user's words: continuing with anything else gives another model. The
     * rate is not part of it, because a run that has diverged needs another one.
     */
    Map<String, String> identity(RunData data, TrainedModel model, String tokenizerRevision, TrainerSettings settings) {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("--run", run);
        identity.put("the data", data.words());
        identity.put("the tokenizer", tokenizerRevision);
        identity.put("--preset", model.name());
        identity.put("the shape of the model", model.config().toString());
        identity.put(
                "the budget",
                amount.minutes() == null
                        ? amount.tokensFor(model.config().parameters()) + " tokens"
                        : amount.minutes() + " minutes");
        identity.put("--seed", Long.toString(seed));
        identity.put("--dtype", compute.dtype());
        Shuffle shuffle = settings.shuffle();
        identity.put(TrainerSettings.BLOCK_RECORDS, Integer.toString(shuffle.blockRecords()));
        identity.put(TrainerSettings.BUFFER_RECORDS, Integer.toString(shuffle.bufferRecords()));
        identity.put(TrainerSettings.BUFFER_BYTES, Long.toString(shuffle.bufferBytes()));
        identity.put(TrainerSettings.MAX_PASSES, Integer.toString(settings.maxPasses()));
        return identity;
    }
}
