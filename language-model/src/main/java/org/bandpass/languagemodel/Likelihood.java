package org.bandpass.languagemodel;

/**
 * The likelihood of a document: sums, from which ratios are derived.
 *
 * @param nats sum of -ln p over the predicted tokens
 * @param tokens predicted tokens
 * @param windows computed windows of the model's context
 * @param capped whether the document had more windows than allowed
 */
public record Likelihood(double nats, long tokens, int windows, boolean capped) {

    /** Mean negative log-likelihood in nats per token. */
    public double meanNll() {
        return nats / tokens;
    }

    public double perplexity() {
        return Math.exp(meanNll());
    }

    /** Bits per byte of the text that the predicted tokens cover. */
    public double bitsPerByte(long bytes) {
        return nats / (bytes * Math.log(2));
    }
}
