package org.bandpass.languagemodel;

import java.util.List;
import org.bandpass.languagemodel.file.ModelFormatException;

/**
 * The rotary keys of a config in both spellings: {@code rope_parameters} of transformers 5, and {@code rope_theta},
 * {@code rope_scaling} and a family's own keys of earlier releases.
 *
 * @param theta base of the angles
 * @param share share of a head that is rotated
 */
record RotaryKeys(double theta, double share) {

    private static final double USUAL_THETA = 10_000;

    /** Llama's: the whole head is rotated, {@code partial_rotary_factor} is ignored. */
    static RotaryKeys ofLlama(ConfigReader config) {
        return new RotaryKeys(newerOrOlder(config, "rope_theta", "rope_theta", USUAL_THETA), 1);
    }

    static RotaryKeys ofGptNeox(ConfigReader config) {
        return new RotaryKeys(
                newerOrOlder(config, "rope_theta", "rotary_emb_base", USUAL_THETA),
                newerOrOlder(config, "partial_rotary_factor", "rotary_pct", 0.25));
    }

    private static double newerOrOlder(ConfigReader config, String newer, String older, double otherwise) {
        ConfigReader rope = parameters(config);
        return rope.has(newer) ? rope.positive(newer, otherwise) : config.positive(older, otherwise);
    }

    /** Returns the object that {@code transformers} uses of the two; scaling is refused in both. */
    private static ConfigReader parameters(ConfigReader config) {
        ConfigReader older = config.object("rope_scaling");
        ConfigReader newer = config.object("rope_parameters");
        for (ConfigReader rope : List.of(older, newer)) {
            rope.flat();
            rope.oneOf(rope.given("type", "rope_type"), "default", List.of("default"));
        }
        return older.isEmpty() ? newer : older;
    }

    /** Divisor of the steps of the angles in a head of that size. */
    int divisor(int headSize) {
        return (int) (headSize * share);
    }

    /** Rotated numbers of a head of that size: always pairs. */
    int rotated(int headSize) {
        int rotated = (divisor(headSize) + 1) / 2 * 2;
        if (rotated > headSize) {
            throw new ModelFormatException("rotary: " + rotated + " numbers of a head of " + headSize
                    + " would be rotated; expected at most all");
        }
        return rotated;
    }
}
