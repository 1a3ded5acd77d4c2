package org.bandpass.benchmarks;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The round that counts: other work on the machine only slows, so the best is the least disturbed. */
final class BestRound {

    private BestRound() {}

    /** Returns the least of what the rounds measured, for times. */
    static <R> double least(List<R> rounds, ToDoubleFunction<R> value) {
        return rounds.stream().mapToDouble(value).min().orElseThrow();
    }

    /** Returns the most of what the rounds measured, for speeds. */
    static <R> double most(List<R> rounds, ToDoubleFunction<R> value) {
        return rounds.stream().mapToDouble(value).max().orElseThrow();
    }
}
