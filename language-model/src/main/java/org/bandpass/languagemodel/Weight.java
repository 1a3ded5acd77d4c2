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
        /** A factor of a matrix product. */
        PRODUCT,
        /** Added to a product. */
        BIAS,
        /** Gain of a norm; fp32, as norms are. */
        GAIN,
        /** Offset of a norm; fp32, as norms are. */
        OFFSET
    }

    static Weight lookup(String name, double deviation, int rows, int width) {
        return new Weight(name, Role.LOOKUP, deviation, List.of(rows, width));
    }

    static Weight product(String name, double deviation, int out, int in) {
        return new Weight(name, Role.PRODUCT, deviation, List.of(out, in));
    }

    static Weight bias(String name, int size) {
        return new Weight(name, Role.BIAS, 0, List.of(size));
    }

    static Weight gain(String name, int size) {
        return new Weight(name, Role.GAIN, 0, List.of(size));
    }

    static Weight offset(String name, int size) {
        return new Weight(name, Role.OFFSET, 0, List.of(size));
    }

    long size() {
        long n = 1;
        for (int d : shape) {
            n *= d;
        }
        return n;
    }
}
