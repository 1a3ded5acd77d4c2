package org.bandpass.eval.results;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The contents of a band; docs/results.md explains the components. The fractions are null where nothing is scored. */
public record BandResult(
        @JsonIgnore String name,
        double from,
        double to,
        @Nullable Double nllFrom,
        @Nullable Double nllTo,
        @JsonUnwrapped Amount amount,
        @Nullable Double fraction,
        @Nullable Double exactFraction,
        SortedMap<String, Amount> byDomain) {}
