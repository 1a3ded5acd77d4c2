package org.bandpass.cli;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bandpass.schemas.ScoredDocument;

/** Adds documents up by domain. */
final class ResultsTally {

    private final SortedMap<String, ResultsAmount> byDomain = new TreeMap<>();
    private ResultsAmount total = ResultsAmount.NONE;

    void add(ScoredDocument scored) {
        ResultsAmount one = new ResultsAmount(
                1, scored.getScore().getTokens(), scored.getDocument().getBytes());
        byDomain.merge(scored.getDocument().getDomain(), one, ResultsAmount::plus);
        total = total.plus(one);
    }

    ResultsAmount total() {
        return total;
    }

    SortedMap<String, ResultsAmount> byDomain() {
        return Collections.unmodifiableSortedMap(byDomain);
    }
}
