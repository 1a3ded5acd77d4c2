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
 * @param run name of the run
 * @param choice what it is trained on
 * @param tokenizerFolder folder of the tokenizer
 * @param amount how long it is trained
 * @param seed of weights and data order
 * @param out folder of the run
 * @param resume whether a run that has begun there may continue
 * @param waitForTopics whether to wait until the topics that are read exist
 * @param compute where and how it is computed
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

    /**
     * Data as a user names them.
     *
     * @param reference whether it is the reference split
     * @param plan plan of a band; null for another choice
     * @param band name of the band; null for another choice
     */
    public record Choice(
            boolean reference,
            @Nullable String plan,
            @Nullable String band) {}

    /**
     * How long a run is trained; neither is 20 tokens for each parameter.
     *
     * @param tokens tokens, or null
     * @param minutes minutes, or null
     */
    public record Amount(@Nullable Long tokens, @Nullable Double minutes) {

        /** Hoffmann et al., arXiv 2203.15556; the paper's control as well. */
        private static final long TOKENS_PER_PARAMETER = 20;

        long tokensFor(long parameters) {
            return tokens == null ? TOKENS_PER_PARAMETER * parameters : tokens;
        }
    }

    /**
     * Where and how a model is computed.
     *
     * @param device cpu or cuda:N
     * @param dtype fp32 or bf16
     */
    public record Compute(String device, String dtype) {}

    /**
     * Returns what makes the run this run, in the user's words: continuing with anything else gives another model. The
     * rate is not among it: another one is what a run that has diverged needs.
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
