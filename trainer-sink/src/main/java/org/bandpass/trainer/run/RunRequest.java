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
 * @param tokens tokens to train on; null where the time is given, or for 20 tokens for each parameter
 * @param minutes time to train; null where tokens are counted
 * @param seed of weights and data order
 * @param resume whether a run that has begun there may continue
 * @param device cpu or cuda:N
 * @param dtype fp32 or bf16
 * @param checkpointEvery steps between checkpoints, 0 for a time between them
 * @param learningRate peak of the rate; null for the preset's or, of a run that continues, its current one
 */
public record RunRequest(
        String run,
        Choice choice,
        Path tokenizerFolder,
        @Nullable Long tokens,
        @Nullable Double minutes,
        long seed,
        Path out,
        boolean resume,
        boolean waitForTopics,
        String device,
        String dtype,
        long checkpointEvery,
        @Nullable Double learningRate) {

    /** Hoffmann et al., arXiv 2203.15556; the paper's control as well. */
    private static final long TOKENS_PER_PARAMETER = 20;

    /** Data as a user names them: the reference split, a band of a plan, or neither, which is the control. */
    public record Choice(
            boolean reference,
            @Nullable String plan,
            @Nullable String band) {}

    long tokensFor(long parameters) {
        return tokens == null ? TOKENS_PER_PARAMETER * parameters : tokens;
    }

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
                minutes == null ? tokensFor(model.config().parameters()) + " tokens" : minutes + " minutes");
        identity.put("--seed", Long.toString(seed));
        identity.put("--dtype", dtype);
        Shuffle shuffle = settings.shuffle();
        identity.put(TrainerSettings.BLOCK_RECORDS, Integer.toString(shuffle.blockRecords()));
        identity.put(TrainerSettings.BUFFER_RECORDS, Integer.toString(shuffle.bufferRecords()));
        identity.put(TrainerSettings.BUFFER_BYTES, Long.toString(shuffle.bufferBytes()));
        identity.put(TrainerSettings.MAX_PASSES, Integer.toString(settings.maxPasses()));
        return identity;
    }
}
