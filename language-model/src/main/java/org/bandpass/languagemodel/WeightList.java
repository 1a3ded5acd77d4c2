package org.bandpass.languagemodel;

import java.util.ArrayList;
import java.util.List;

/** Collects the weights of a family by their modules' names, to which {@code .weight} or {@code .bias} is added. */
final class WeightList {
    private final List<Weight> weights = new ArrayList<>();

    WeightList lookup(String module, double deviation, int rows, int width) {
        return add(module + ".weight", Weight.Role.LOOKUP, deviation, List.of(rows, width));
    }

    /** A product in the order of the file: [out, in], but [in, out] for GPT-2. */
    WeightList product(String module, double deviation, int rows, int columns) {
        return add(module + ".weight", Weight.Role.PRODUCT, deviation, List.of(rows, columns));
    }

    WeightList bias(String module, int size) {
        return add(module + ".bias", Weight.Role.BIAS, 0, List.of(size));
    }

    WeightList biasIf(boolean biased, String module, int size) {
        return biased ? bias(module, size) : this;
    }

    WeightList gain(String module, int size) {
        return add(module + ".weight", Weight.Role.GAIN, 0, List.of(size));
    }

    WeightList norm(String module, int size) {
        return gain(module, size).add(module + ".bias", Weight.Role.OFFSET, 0, List.of(size));
    }

    private WeightList add(String name, Weight.Role role, double deviation, List<Integer> shape) {
        weights.add(new Weight(name, role, deviation, shape));
        return this;
    }

    /** Returns the weights, with the output projection at the end where it is untied. */
    List<Weight> withHead(Architecture architecture, double deviation) {
        if (!architecture.tied()) {
            List<Integer> shape = List.of(architecture.vocabulary(), architecture.width());
            add(architecture.headName(), Weight.Role.PRODUCT, deviation, shape);
        }
        return weights;
    }
}
