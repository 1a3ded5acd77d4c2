package org.bandpass.eval.results;

import java.util.SortedMap;
import java.util.TreeMap;
import org.bandpass.schemas.ScoredDocument;

/** Adds documents up by domain; of a sample it estimates the sums of all. */
public final class Tally {

    private final double scale;
    private final SortedMap<String, Amount> byDomain = new TreeMap<>();
    private Amount total = Amount.NONE;

    /** Counts each document that is added as {@code scale} documents. */
    Tally(double scale) {
        this.scale = scale;
    }

    void add(ScoredDocument scored) {
        Amount one = new Amount(
                1, scored.getScore().getTokens(), scored.getDocument().getBytes());
        byDomain.merge(scored.getDocument().getDomain(), one, Amount::plus);
        total = total.plus(one);
    }

    public Amount total() {
        return total.times(scale);
    }

    public SortedMap<String, Amount> byDomain() {
        SortedMap<String, Amount> scaled = new TreeMap<>();
        byDomain.forEach((domain, amount) -> scaled.put(domain, amount.times(scale)));
        return scaled;
    }
}
