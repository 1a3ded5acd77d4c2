package org.bandpass.languagemodel;

/** The rule that turns gradients into updates; weight decay is decoupled from the rate in both. */
public enum Optimizer {
    /** Loshchilov and Hutter, arXiv 1711.05101. */
    ADAMW(2),
    /** Chen et al., arXiv 2302.06675; the paper's. */
    LION(1);

    private final int moments;

    Optimizer(int moments) {
        this.moments = moments;
    }

    /** Numbers that it keeps for each weight. */
    int moments() {
        return moments;
    }
}
