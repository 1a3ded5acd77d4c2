package org.bandpass.selector.router;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Documents, tokens and bytes by domain. Not thread-safe. */
final class DomainShares {

    /** Sums of one domain, or of all. */
    static final class Amount {

        private long documents;
        private long tokens;
        private long bytes;

        private void add(long moreTokens, long moreBytes) {
            documents++;
            tokens += moreTokens;
            bytes += moreBytes;
        }

        long documents() {
            return documents;
        }

        long tokens() {
            return tokens;
        }

        long bytes() {
            return bytes;
        }
    }

    private final SortedMap<String, Amount> domains = new TreeMap<>();
    private final Amount total = new Amount();

    void add(String domain, long tokens, long bytes) {
        domains.computeIfAbsent(domain, name -> new Amount()).add(tokens, bytes);
        total.add(tokens, bytes);
    }

    SortedMap<String, Amount> domains() {
        return domains;
    }

    Amount of(String domain) {
        return domains.getOrDefault(domain, new Amount());
    }

    Amount total() {
        return total;
    }

    /** Returns a domain's share of the documents, in [0, 1]. */
    double share(String domain) {
        return total.documents == 0 ? 0 : of(domain).documents / (double) total.documents;
    }

    /**
     * Returns the loss of the domain that loses most: 1 − its share of the documents after ÷ before; 0 where none loses.
     */
    static Map.Entry<String, Double> worst(DomainShares before, DomainShares after) {
        String name = "";
        double most = 0;
        for (String domain : before.domains.keySet()) {
            double loss = 1 - after.share(domain) / before.share(domain);
            if (loss > most) {
                most = loss;
                name = domain;
            }
        }
        return Map.entry(name, most);
    }
}
