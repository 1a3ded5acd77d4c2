package org.bandpass.languagemodel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rotary keys of a config in both spellings: {@code rope_parameters} of transformers 5, and {@code rope_theta},
 * {@code rope_scaling} and a family's own keys of the releases before.
 *
 * @param theta base of the angles
 * @param share share of a head that is rotated
 */
record RotaryKeys(double theta, double share) {

    /**
     * Reads them, and refuses every scaling.
     *
     * @param baseKey the family's older key for the base
     * @param shareKey the family's older key for the share; null where a head is always rotated whole
     */
    static RotaryKeys read(ConfigReader config, String baseKey, @Nullable String shareKey, double usualShare) {
        double theta = config.positive(baseKey, 10_000);
        double share = shareKey == null ? usualShare : config.positive(shareKey, usualShare);
        refuseScaling(config.object("rope_scaling"));
        ConfigReader parameters = config.object("rope_parameters");
        if (parameters != null) {
            refuseScaling(parameters);
            theta = agreed(config, baseKey, parameters.positive("rope_theta", theta), theta);
            String key = shareKey == null ? "partial_rotary_factor" : shareKey;
            share = agreed(config, key, parameters.positive("partial_rotary_factor", share), share);
        } else {
            share = agreed(config, "partial_rotary_factor", config.positive("partial_rotary_factor", share), share);
        }
        if (share > 1 || shareKey == null && share != 1) {
            throw config.wrong("partial_rotary_factor", shareKey == null ? "1" : "a share of at most 1");
        }
        return new RotaryKeys(theta, share);
    }

    private static void refuseScaling(@Nullable ConfigReader rope) {
        if (rope != null) {
            rope.oneOf("type", "default", List.of("default"));
            rope.oneOf("rope_type", "default", List.of("default"));
        }
    }

    /** The newer spelling counts, but an older one that says otherwise is a contradiction. */
    private static double agreed(ConfigReader config, String key, double newer, double older) {
        if (config.has(key) && newer != older) {
            throw config.wrong(key, "the value of rope_parameters, " + newer);
        }
        return newer;
    }

    /** Numbers of a head of that size that are rotated. */
    int of(int headSize) {
        int rotary = (int) (headSize * share);
        if (rotary < 2 || rotary % 2 != 0) {
            throw new ModelFormatException("rotary: " + rotary + " of " + headSize
                    + " numbers of a head are rotated; expected an even number from 2");
        }
        return rotary;
    }
}
