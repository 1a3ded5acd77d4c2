package org.bandpass.scorer;

import org.bandpass.languagemodel.Likelihood;
import org.bandpass.schemas.Score;
import org.jspecify.annotations.Nullable;

/**
 * What scores depend on beside the text: two that differ here cannot be ranked together.
 *
 * @param model revision of the model
 * @param tokenizer revision of the tokenizer
 * @param dtype numbers the model computes in, fp32 or bf16; null where it was not recorded
 * @param maxWindows cap on windows in a document, 0 for none; null where it was not recorded
 * @param contextToken what stands before the first token; null where it was not recorded
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
                model.tokenizerRevision(),
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

    /** Returns this with the other's values where none are recorded here. */
    ScoreOrigin orElse(ScoreOrigin other) {
        return new ScoreOrigin(
                model,
                tokenizer,
                dtype == null ? other.dtype : dtype,
                maxWindows == null ? other.maxWindows : maxWindows,
                contextToken == null ? other.contextToken : contextToken);
    }

    /**
     * Returns a score of this origin.
     *
     * @param bytes UTF-8 bytes that the scored tokens cover
     */
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

    String words() {
        return "model " + model + ", tokenizer " + tokenizer + ", dtype " + word(dtype) + ", max windows "
                + (Integer.valueOf(0).equals(maxWindows) ? "unlimited" : word(maxWindows)) + ", context token "
                + word(contextToken);
    }

    private static String word(@Nullable Object value) {
        return value == null ? "not recorded" : value.toString();
    }
}
