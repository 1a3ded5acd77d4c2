package org.bandpass.selector.score;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a population is made of: all scores, or those of documents that share a domain, a source or a language. */
public enum Stratification {
    ALL,
    DOMAIN,
    SOURCE,
    LANGUAGE;

    /** Name of the one stratum that always exists. */
    public static final String ALL_SCORES = "all";

    /** Returns whether a stratum is that of all scores. */
    public static boolean isAll(String stratum) {
        return stratum.equals(ALL_SCORES);
    }

    /** Longer values come from broken metadata and would bloat keys and headers. */
    private static final int LONGEST_VALUE = 200;

    /** Returns the name in plans, settings and strata. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the stratum of a value, {@code domain=books}; 'all' where there is no value or one too long to be a name.
     */
    String stratum(@Nullable String value) {
        boolean named = this != ALL
                && value != null
                && !value.isEmpty()
                && value.getBytes(StandardCharsets.UTF_8).length <= LONGEST_VALUE;
        return named ? word() + "=" + value : ALL_SCORES;
    }

    /** Returns whether a stratum belongs to this stratification; 'all' belongs to each, as the one to fall back to. */
    public boolean includes(String stratum) {
        return stratum.equals(ALL_SCORES) || (this != ALL && stratum.startsWith(word() + "="));
    }

    /**
     * Returns the stratification of a name.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static Stratification named(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no stratification '" + word + "'; there are "
                        + Arrays.stream(values()).map(Stratification::word).collect(Collectors.joining(", "))));
    }
}
