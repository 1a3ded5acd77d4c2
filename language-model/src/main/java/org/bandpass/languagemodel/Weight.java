package org.bandpass.languagemodel;

import java.util.List;

/**
 * One tensor of a model.
 *
 * @param name as in the files, without the base prefix
 * @param role what it is used for, which decides its type under bf16
 * @param deviation of the normal numbers that it starts from; 0 for a norm's ones and a bias' zeros
 * @param shape sizes, outermost first
 */
record Weight(String name, Role role, double deviation, List<Integer> shape) {

    enum Role {
        /** Rows are looked up: fp32 in training, so that the residual stream starts exact. */
        LOOKUP,
        PRODUCT,
        BIAS,
        /** Gain of a norm; fp32, as norms are. */
        GAIN,
        /** Offset of a norm; fp32, as norms are. */
        OFFSET
    }

    long size() {
        long n = 1;
        for (int d : shape) {
            n *= d;
        }
        return n;
    }
}
