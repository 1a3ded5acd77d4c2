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
 * Scores single lines, with the conventions of {@link DocumentLikelihoods}. Before a text stands the context
 * token of the folder. Before ids stands nothing, so that the first id is context and not predicted, unless a context token
 * is given. One thread at a time.
 */
final class ScoreText {

    private static final int BATCH_TOKENS = 8192;

    private final LikelihoodModel model;
    private final @Nullable TextTokenizer tokenizer;
    private final Options options;
    private @Nullable ContextToken context;

    /**
     * How to score.
     *
     * @param contextToken names what stands before the first token, or leaves it to the folder
     * @param maxWindows windows of one line that are scored, 0 for all
     * @param perToken whether the nats of each token are wanted
     */
    record Options(ContextTokenOption contextToken, int maxWindows, boolean perToken) {}

    /** Makes the step; without a tokenizer it scores ids only. */
    ScoreText(LikelihoodModel model, @Nullable TextTokenizer tokenizer, Options options) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.options = options;
        if (options.contextToken().isGiven()) {
            context();
        }
    }

    /** Returns what stands before the first token; prints it the first time. */
    private int context() {
        ContextToken known = context;
        if (known == null) {
            known = options.contextToken().of(tokenizer, model);
            System.err.println("perplexity: " + known.words());
            context = known;
        }
        return known.id();
    }

    /**
     * Scores a line.
     *
     * @throws RefusedLineException if that cannot be done
     * @throws ProgramFailure if no text can be scored with this folder
     */
    TextScore score(TextLine line) {
        String text = line.text();
        int[] ids = line.ids();
        if (text != null) {
            return text(line.id(), text);
        }
        return ids(line.id(), ids == null ? new int[0] : ids);
    }

    private TextScore text(String id, String text) {
        if (tokenizer == null) {
            throw new ProgramFailure(
                    "the model folder has no tokenizer.json: text can only be scored with the tokenizer"
                            + " that the model was trained with; put it there, or give \"ids\"");
        }
        int before = context();
        if (text.isEmpty()) {
            throw new RefusedLineException(id, DeadLetterReason.EMPTY_TEXT.word(), "there is no text");
        }
        int[] ids = ids(tokenizer, id, text);
        if (ids.length == 0) {
            throw new RefusedLineException(
                    id, DeadLetterReason.NO_TOKENS.word(), "the tokenizer makes no tokens of the text");
        }
        TextScore score = score(id, before, ids);
        long bytes = tokenizer.bytesOf(text, Math.toIntExact(score.likelihood().tokens()));
        return new TextScore(id, score.likelihood(), bytes, score.tokenNats());
    }

    /**
     * Makes ids of a line's text.
     *
     * @throws RefusedLineException if the tokenizer fails on it
     */
    static int[] ids(TextTokenizer tokenizer, String id, String text) {
        try {
            return tokenizer.encode(text);
        } catch (TokenizerFailedException e) {
            throw new RefusedLineException(
                    id, DeadLetterReason.TOKENIZER_FAILED.word(), String.valueOf(e.getMessage()));
        }
    }

    private TextScore ids(String id, int[] ids) {
        if (ids.length == 0) {
            throw new RefusedLineException(id, DeadLetterReason.EMPTY_TEXT.word(), "there are no ids");
        }
        return options.contextToken().isGiven()
                ? score(id, context(), ids)
                : score(id, ids[0], Arrays.copyOfRange(ids, 1, ids.length));
    }

    private TextScore score(String id, int before, int[] ids) {
        requireKnown(id, before);
        for (int token : ids) {
            requireKnown(id, token);
        }
        if (ids.length == 0) {
            return new TextScore(id, new Likelihood(0, 0, 0, false), null, options.perToken() ? new float[0] : null);
        }
        DocumentLikelihoods likelihoods = new DocumentLikelihoods(model, before, BATCH_TOKENS, options.maxWindows());
        TextScore score = options.perToken()
                ? perToken(id, likelihoods.tokenNats(List.of(ids)).get(0), ids.length)
                : new TextScore(id, likelihoods.score(List.of(ids)).get(0), null, null);
        if (!Double.isFinite(score.likelihood().nats())) {
            throw new RefusedLineException(
                    id,
                    DeadLetterReason.NOT_FINITE.word(),
                    "the model's likelihood is " + score.likelihood().nats());
        }
        return score;
    }

    private TextScore perToken(String id, float[] nats, int length) {
        double sum = 0;
        for (float token : nats) {
            sum += token;
        }
        int windows = (nats.length + model.contextLength() - 1) / model.contextLength();
        return new TextScore(id, new Likelihood(sum, nats.length, windows, nats.length < length), null, nats);
    }

    private void requireKnown(String id, int token) {
        if (token < 0 || token >= model.vocabularySize()) {
            throw new RefusedLineException(
                    id,
                    DeadLetterReason.UNKNOWN_TOKEN.word(),
                    "id " + token + " is outside the model's vocabulary of " + model.vocabularySize());
        }
    }
}
