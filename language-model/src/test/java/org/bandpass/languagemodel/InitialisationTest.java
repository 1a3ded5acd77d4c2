package org.bandpass.languagemodel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InitialisationTest {
    private static final int VALUES = 4096;
    /** Two values that agree at one offset happen once in thousands of pairs of tensors. */
    private static final int BY_CHANCE = 2;

    /** A tensor's values, seed and index. */
    private record Tensor(long seed, int index, float[] values) {}

    @Test
    void tensorsOfDifferentSeedsAndPlacesShareNoRunOfValuesAtAnyOffset() {
        List<Tensor> tensors = new ArrayList<>();
        for (long seed : new long[] {1, 2, 3, 4, 0, -1, Long.MAX_VALUE}) {
            for (int index = 0; index < 4; index++) {
                tensors.add(new Tensor(seed, index, values(seed, index)));
            }
        }
        for (int a = 0; a < tensors.size(); a++) {
            for (int b = a + 1; b < tensors.size(); b++) {
                Tensor one = tensors.get(a);
                Tensor other = tensors.get(b);
                assertThat(mostSharedAtOneOffset(one.values(), other.values()))
                        .as(
                                "seed %d, tensor %d and seed %d, tensor %d",
                                one.seed(), one.index(), other.seed(), other.index())
                        .isLessThanOrEqualTo(BY_CHANCE);
            }
        }
    }

    @Test
    void theSameSeedAndPlaceGiveTheSameValues() {
        assertThat(values(3, 1)).isEqualTo(values(3, 1));
    }

    private static float[] values(long seed, int index) {
        Weight weight = new Weight("w", Weight.Role.PRODUCT, 0.02, List.of(VALUES, 1));
        float[] values = new float[VALUES];
        Initialisation numbers = new Initialisation(weight, index, seed);
        while (numbers.hasNext()) {
            int at = (int) numbers.made();
            FloatBuffer piece = numbers.next().asFloatBuffer();
            piece.get(values, at, piece.remaining());
        }
        return values;
    }

    private static int mostSharedAtOneOffset(float[] one, float[] other) {
        Map<Float, List<Integer>> places = new HashMap<>();
        for (int i = 0; i < one.length; i++) {
            places.computeIfAbsent(one[i], v -> new ArrayList<>()).add(i);
        }
        Map<Integer, Integer> byOffset = new HashMap<>();
        for (int i = 0; i < other.length; i++) {
            for (int place : places.getOrDefault(other[i], List.of())) {
                byOffset.merge(place - i, 1, Integer::sum);
            }
        }
        return byOffset.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }
}
