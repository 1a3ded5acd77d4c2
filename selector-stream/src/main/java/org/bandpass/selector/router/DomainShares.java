package org.bandpass.selector.router;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bandpass.selector.score.ScoreReader;

/** Documents, tokens and bytes by domain. Not thread-safe. */
final class DomainShares {

    private final SortedMap<String, Amount> domains = new TreeMap<>();
    private Amount total = Amount.NONE;

    /** Counts the document last read. */
    void add(ScoreReader scores) {
        Amount one = new Amount(1, scores.tokens(), scores.bytes());
        domains.merge(scores.domain(), one, Amount::plus);
        total = total.plus(one);
    }

    Set<String> domains() {
        return domains.keySet();
    }

    Amount of(String domain) {
        return domains.getOrDefault(domain, Amount.NONE);
    }

    Amount total() {
        return total;
    }

    /** Returns a domain's share of the documents, in [0, 1]. */
    double share(String domain) {
        return total.documents() == 0 ? 0 : of(domain).documents() / (double) total.documents();
    }

    /**
     * Returns the loss of the domain that loses most: 1 − its share of the documents after ÷ before; 0 where none loses.
     */
    static Map.Entry<String, Double> worst(DomainShares before, DomainShares after) {
        Map.Entry<String, Double> worst = Map.entry("", 0.0);
        for (String domain : before.domains()) {
            double loss = 1 - after.share(domain) / before.share(domain);
            worst = loss > worst.getValue() ? Map.entry(domain, loss) : worst;
        }
        return worst;
    }
}
