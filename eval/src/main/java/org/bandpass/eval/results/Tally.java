package org.bandpass.eval.results;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bandpass.schemas.ScoredDocument;

/** Adds documents up by domain. */
public final class Tally {

    private final SortedMap<String, Amount> byDomain = new TreeMap<>();
    private Amount total = Amount.NONE;

    void add(ScoredDocument scored) {
        Amount one = new Amount(
                1, scored.getScore().getTokens(), scored.getDocument().getBytes());
        byDomain.merge(scored.getDocument().getDomain(), one, Amount::plus);
        total = total.plus(one);
    }

    public Amount total() {
        return total;
    }

    public SortedMap<String, Amount> byDomain() {
        return Collections.unmodifiableSortedMap(byDomain);
    }
}
