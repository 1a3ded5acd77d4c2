package org.bandpass.languagemodel;

import java.util.List;
import java.util.function.BiPredicate;

/**
 * Gives the likelihood of continuations of a prompt, and continues prompts with the most likely tokens. One thread at a time.
 */
public interface ContinuationModel extends AutoCloseable {

    /** Most ids that can be an input at once. */
    int contextLength();

    /** Ids run from 0 to this, exclusive. */
    int vocabularySize();

    /** The first 16 hex digits of SHA-256 over {@code config.json} and the weights. */
    String revision();

    /**
     * A prompt, and texts that may follow it.
     *
     * @param prompt at least one id
     * @param continuations at least one id each; prompt and continuation together have at most {@link #contextLength()} + 1
     *     ids, since the last one is no input
     */
    record Question(int[] prompt, List<int[]> continuations) {}

    /**
     * How likely a continuation is.
     *
     * @param nats -ln p of each of its ids, given the prompt and the ids before it
     * @param allBest whether each of its ids has the largest logit; of equal logits the lowest id's counts as the largest
     */
    record ContinuationScore(float[] nats, boolean allBest) {

        /** Returns the sum of the nats, in double precision. */
        public double sum() {
            double sum = 0;
            for (float nat : nats) {
                sum += nat;
            }
            return sum;
        }

        /** Returns the nats of a token, on average. */
        public double mean() {
            return sum() / nats.length;
        }
    }

    /**
     * Scores every continuation of every question. Questions may have any lengths and any order; the fastest order puts
     * prompts with the same beginning side by side.
     *
     * @param batchTokens most positions computed at once, padding included; a longer question is computed alone
     * @return for each question one score a continuation, in the given orders
     * @throws IllegalArgumentException where a question is too long, empty, or has an id outside the vocabulary
     */
    List<List<ContinuationScore>> score(List<Question> questions, int batchTokens);

    /**
     * Continues each prompt with the id of the largest logit, again and again; of equal logits the lowest id wins.
     *
     * <p>A prompt ends when {@code ended} says so, after {@code mostTokens} ids, or when prompt and answer fill the context.
     *
     * @param prompts 1 to {@link #contextLength()} ids each
     * @param batchTokens most positions kept at once, padding and answers included; a longer prompt is computed alone
     * @param ended is asked after each new id: the index of the prompt, and its new ids so far
     * @return the new ids of each prompt, the one included after which {@code ended} was true
     * @throws NonFiniteLogitException where the largest logit is no finite number
     */
    List<int[]> generate(List<int[]> prompts, int mostTokens, int batchTokens, BiPredicate<Integer, int[]> ended);

    @Override
    void close();
}
