package org.bandpass.languagemodel;

import java.util.List;

/**
 * One tensor of a model.
 *
 * @param name as in the files, without the base prefix
 * @param role its use, which decides its type under bf16
 * @param deviation of its initial normal numbers; 0 for a norm's ones and a bias' zeros
 * @param shape sizes, outermost first
 */
record Weight(String name, Role role, double deviation, List<Integer> shape) {

    enum Role {
        /** An embedding: fp32 in training, so that the residual stream starts exact. */
        LOOKUP,
        PRODUCT,
        BIAS,
        /** Gain of a norm; fp32, as norms are. */
        GAIN,
        /** Offset of a norm; fp32, as norms are. */
        OFFSET
    }

    long size() {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
    }

    /** The shape as in a safetensors file. */
    List<Long> longShape() {
        return shape.stream().map(Integer::longValue).toList();
    }
}
