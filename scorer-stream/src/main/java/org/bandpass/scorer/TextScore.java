package org.bandpass.scorer;

import org.bandpass.languagemodel.Likelihood;
import org.jspecify.annotations.Nullable;

/**
 * The likelihood of one line.
 *
 * @param id the line's
 * @param likelihood sums over the predicted tokens, which may be none
 * @param bytes UTF-8 bytes that they cover; null for ids, which have no text
 * @param tokenNats of each predicted token; null unless asked for
 */
record TextScore(String id, Likelihood likelihood, @Nullable Long bytes, float @Nullable [] tokenNats) {

    /** Returns nats per token, or null where no token was predicted. */
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
