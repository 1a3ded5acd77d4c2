package org.bandpass.benchmarks;

import org.jspecify.annotations.Nullable;

/**
 * One measured number.
 *
 * @param name lower-kebab
 * @param value null where it could not be measured
 * @param unit what it counts, {@code ratio} for shares and quotients
 * @param aim what it should reach, or stay under; null where there is none
 * @param met whether it did; null where there is no aim or no value
 */
record Figure(
        String name,
        @Nullable Double value,
        String unit,
        @Nullable Double aim,
        @Nullable Boolean met) {

    /** A number without an aim. */
    static Figure of(String name, double value, String unit) {
        return new Figure(name, value, unit, null, null);
    }

    /** A number that should be that large or larger. */
    static Figure atLeast(String name, double value, String unit, double aim) {
        return new Figure(name, value, unit, aim, value >= aim);
    }

    /** A number that should be that small or smaller. */
    static Figure atMost(String name, double value, String unit, double aim) {
        return new Figure(name, value, unit, aim, value <= aim);
    }

    /** A number that could not be measured here. */
    static Figure unknown(String name, String unit) {
        return new Figure(name, null, unit, null, null);
    }
}
