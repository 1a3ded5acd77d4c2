package org.bandpass.scorer;

import org.bandpass.languagemodel.Likelihood;
import org.bandpass.schemas.Score;
import org.jspecify.annotations.Nullable;

/**
 * How scores were made. Scores that differ here cannot be ranked together. Earlier versions did not record all of it, which
 * is null then.
 *
 * @param model revision of the model
 * @param tokenizer revision of the tokenizer
 * @param dtype number type of the model, fp32 or bf16
 * @param maxWindows cap on the windows of a document, 0 for none
 * @param contextToken token before the first one
 */
record ScoreOrigin(
        String model,
        String tokenizer,
        @Nullable String dtype,
        @Nullable Integer maxWindows,
        @Nullable Integer contextToken) {

    static ScoreOrigin of(ReferenceModel model, int maxWindows) {
        return new ScoreOrigin(
                model.modelRevision(),
                model.tokenizer().revision(),
                model.dtype(),
                maxWindows,
                model.context().id());
    }

    static ScoreOrigin of(Score score) {
        return new ScoreOrigin(
                score.getModelRevision(),
                score.getTokenizerRevision(),
                score.getDtype(),
                score.getMaxWindows(),
                score.getContextToken());
    }

    boolean isRecorded() {
        return dtype != null && maxWindows != null && contextToken != null;
    }

    /** Returns this with the other's values in place of those that are not recorded. */
    ScoreOrigin orElse(ScoreOrigin other) {
        return new ScoreOrigin(
                model,
                tokenizer,
                dtype == null ? other.dtype : dtype,
                maxWindows == null ? other.maxWindows : maxWindows,
                contextToken == null ? other.contextToken : contextToken);
    }

    /** Returns a score of this origin, of tokens that cover so many bytes of UTF-8. */
    Score score(Likelihood likelihood, long bytes) {
        return new Score(
                likelihood.nats(),
                likelihood.tokens(),
                bytes,
                likelihood.windows(),
                likelihood.capped(),
                model,
                tokenizer,
                dtype,
                maxWindows,
                contextToken);
    }

    /** Describes it in messages. */
    String words() {
        return "model " + model + ", tokenizer " + tokenizer + ", dtype " + word(dtype) + ", max windows "
                + (Integer.valueOf(0).equals(maxWindows) ? "unlimited" : word(maxWindows)) + ", context token "
                + word(contextToken);
    }

    private static String word(@Nullable Object value) {
        return value == null ? "not recorded" : value.toString();
    }
}
