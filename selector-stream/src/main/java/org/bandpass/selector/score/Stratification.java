package org.bandpass.selector.score;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How scores are grouped into strata: all in one, or by the domain, source or language of the document. */
public enum Stratification {
    ALL,
    DOMAIN,
    SOURCE,
    LANGUAGE;

    /** Name of the stratum of all scores, which always exists. */
    public static final String ALL_SCORES = "all";

    public static boolean isAll(String stratum) {
        return stratum.equals(ALL_SCORES);
    }

    /** Longer values come from damaged metadata and would bloat keys and headers. */
    private static final int LONGEST_VALUE = 200;

    /** Returns the name in plans, settings and strata. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the stratum of a value, such as {@code domain=books}; 'all' if the value is empty or too long. */
    String stratum(String value) {
        boolean named =
                this != ALL && !value.isEmpty() && value.getBytes(StandardCharsets.UTF_8).length <= LONGEST_VALUE;
        return named ? word() + "=" + value : ALL_SCORES;
    }

    /** Returns whether a stratum belongs to this stratification; 'all' belongs to each, as the fallback. */
    public boolean includes(String stratum) {
        return stratum.equals(ALL_SCORES) || (this != ALL && stratum.startsWith(word() + "="));
    }

    /** Returns the stratification of that name. Throws an IllegalArgumentException if there is none. */
    public static Stratification named(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no stratification '" + word + "'; there are "
                        + Arrays.stream(values()).map(Stratification::word).collect(Collectors.joining(", "))));
    }
}
