package org.bandpass.eval.results;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The contents of a band; the components are fields of results.json.
 *
 * @param from lower rank, inclusive
 * @param to upper rank, exclusive (inclusive at 1)
 * @param nllFrom mean NLL at {@code from} by the cuts, nats per token; null where the plan carries no cuts
 * @param fraction documents of the band ÷ scored documents; null where nothing is scored
 * @param exactFraction the same by sorting all scores
 */
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
