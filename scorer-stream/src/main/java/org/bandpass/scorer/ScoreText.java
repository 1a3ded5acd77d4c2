package org.bandpass.scorer;

import java.util.Arrays;
import java.util.List;
import org.bandpass.languagemodel.DocumentLikelihoods;
import org.bandpass.languagemodel.Likelihood;
import org.bandpass.languagemodel.LikelihoodModel;
import org.bandpass.languagemodel.tokenizer.ContextToken;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.languagemodel.tokenizer.TokenizerFailedException;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * Scores single lines, with the conventions of {@link DocumentLikelihoods}. A text follows the context token of the folder.
 * Without a given context token the first of a line's ids is the context, which is not predicted. One thread at a time.
 */
final class ScoreText {

    private static final int BATCH_TOKENS = 8192;

    private final LikelihoodModel model;
    private final @Nullable TextTokenizer tokenizer;
    private final ContextTokenOption contextToken;
    private final int maxWindows;
    private final boolean perToken;
    private @Nullable ContextToken context;

    /**
     * The likelihood of one line.
     *
     * @param likelihood sums over the predicted tokens, which may be none
     * @param bytes UTF-8 bytes that they cover; null for ids, which have no text
     * @param tokenNats of each predicted token; null unless asked for
     */
    record TextScore(Likelihood likelihood, @Nullable Long bytes, float @Nullable [] tokenNats) {

        /** Returns nats per token, or null if no token was predicted. */
        @Nullable
        Double meanNll() {
            return likelihood.tokens() == 0 ? null : likelihood.meanNll();
        }

        @Nullable
        Double perplexity() {
            return likelihood.tokens() == 0 ? null : likelihood.perplexity();
        }

        @Nullable
        Double bitsPerByte() {
            return bytes == null || bytes == 0 ? null : likelihood.bitsPerByte(bytes);
        }
    }

    /**
     * Makes the step.
     *
     * @param tokenizer null if only ids are scored
     * @param maxWindows windows of one line that are scored, 0 for all
     * @param perToken whether to return the nats of each token
     */
    ScoreText(
            LikelihoodModel model,
            @Nullable TextTokenizer tokenizer,
            ContextTokenOption contextToken,
            int maxWindows,
            boolean perToken) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.contextToken = contextToken;
        this.maxWindows = maxWindows;
        this.perToken = perToken;
        if (contextToken.isGiven()) {
            context();
        }
    }

    /** Returns the token before the first one; prints it the first time. */
    private int context() {
        if (context == null) {
            context = contextToken.of(tokenizer, model);
            System.err.println("perplexity: " + context.words());
        }
        return context.id();
    }

    /**
     * Scores a line.
     *
     * @throws RefusedLineException if it has no score
     * @throws ProgramFailure if no text can be scored with this folder
     */
    TextScore score(TextLine line) {
        int[] ids = line.ids();
        return ids == null ? text(String.valueOf(line.text())) : ids(ids);
    }

    private TextScore text(String text) {
        if (tokenizer == null) {
            throw new ProgramFailure(
                    "the model folder has no tokenizer.json: text can only be scored with the tokenizer"
                            + " that the model was trained with; put it there, or give \"ids\"");
        }
        int before = context();
        if (text.isEmpty()) {
            throw refused(DeadLetterReason.EMPTY_TEXT, "there is no text");
        }
        int[] ids = ids(tokenizer, text);
        if (ids.length == 0) {
            throw refused(DeadLetterReason.NO_TOKENS, "the tokenizer makes no tokens of the text");
        }
        TextScore score = score(before, ids);
        long bytes = tokenizer.bytesOf(text, Math.toIntExact(score.likelihood().tokens()));
        return new TextScore(score.likelihood(), bytes, score.tokenNats());
    }

    /**
     * Tokenises the text of a line.
     *
     * @throws RefusedLineException if the tokenizer fails on it
     */
    static int[] ids(TextTokenizer tokenizer, String text) {
        try {
            return tokenizer.encode(text);
        } catch (TokenizerFailedException e) {
            throw refused(DeadLetterReason.TOKENIZER_FAILED, String.valueOf(e.getMessage()));
        }
    }

    private TextScore ids(int[] ids) {
        if (ids.length == 0) {
            throw refused(DeadLetterReason.EMPTY_TEXT, "there are no ids");
        }
        return contextToken.isGiven() ? score(context(), ids) : score(ids[0], Arrays.copyOfRange(ids, 1, ids.length));
    }

    private TextScore score(int before, int[] ids) {
        requireKnown(before);
        Arrays.stream(ids).forEach(this::requireKnown);
        if (ids.length == 0) {
            return new TextScore(new Likelihood(0, 0, 0, false), null, perToken ? new float[0] : null);
        }
        DocumentLikelihoods likelihoods = new DocumentLikelihoods(model, before, BATCH_TOKENS, maxWindows);
        TextScore score = perToken
                ? sumOf(likelihoods.tokenNats(List.of(ids)).get(0), ids.length)
                : new TextScore(likelihoods.score(List.of(ids)).get(0), null, null);
        double nats = score.likelihood().nats();
        if (!Double.isFinite(nats)) {
            throw refused(DeadLetterReason.NOT_FINITE, "the model's likelihood is " + nats);
        }
        return score;
    }

    private TextScore sumOf(float[] nats, int length) {
        double sum = 0;
        for (float token : nats) {
            sum += token;
        }
        int windows = (nats.length + model.contextLength() - 1) / model.contextLength();
        return new TextScore(new Likelihood(sum, nats.length, windows, nats.length < length), null, nats);
    }

    private void requireKnown(int token) {
        if (token < 0 || token >= model.vocabularySize()) {
            throw refused(
                    DeadLetterReason.UNKNOWN_TOKEN,
                    "id " + token + " is outside the model's vocabulary of " + model.vocabularySize());
        }
    }

    private static RefusedLineException refused(DeadLetterReason reason, String detail) {
        return new RefusedLineException(reason.word(), detail);
    }
}
