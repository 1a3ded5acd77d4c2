package org.bandpass.eval.results;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bandpass.schemas.ScoredDocument;

/** All scores of a plan's population: mean NLL and domain of each document, and sums. Twelve bytes a document. */
public final class Population {

    private final Tally tally = new Tally();
    private final Map<String, Integer> domainNumbers = new HashMap<>();
    private final List<String> domains = new ArrayList<>();
    private double[] meanNll = new double[1024];
    private int[] domainOf = new int[1024];
    private int count;
    private long capped;

    void add(ScoredDocument scored) {
        if (count == meanNll.length) {
            meanNll = Arrays.copyOf(meanNll, 2 * count);
            domainOf = Arrays.copyOf(domainOf, 2 * count);
        }
        tally.add(scored);
        meanNll[count] = scored.getScore().getNats() / scored.getScore().getTokens();
        domainOf[count] = domainNumbers.computeIfAbsent(scored.getDocument().getDomain(), this::number);
        count++;
        if (scored.getScore().getCapped()) {
            capped++;
        }
    }

    private int number(String domain) {
        domains.add(domain);
        return domains.size() - 1;
    }

    public int count() {
        return count;
    }

    /** Returns how many documents were scored in part, because of a cap on windows. */
    public long capped() {
        return capped;
    }

    public Tally tally() {
        return tally;
    }

    /** Returns all mean NLLs, sorted; a copy. */
    public double[] sorted() {
        double[] sorted = Arrays.copyOf(meanNll, count);
        Arrays.sort(sorted);
        return sorted;
    }

    /** Returns the mean NLLs of one domain, sorted. */
    public double[] sorted(String domain) {
        int number = domainNumbers.getOrDefault(domain, -1);
        double[] values = new double[count];
        int found = 0;
        for (int i = 0; i < count; i++) {
            if (domainOf[i] == number) {
                values[found++] = meanNll[i];
            }
        }
        double[] sorted = Arrays.copyOf(values, found);
        Arrays.sort(sorted);
        return sorted;
    }

    /**
     * Counts the documents whose exact rank lies in a band. Rank = (scores below + half of the equal ones) / count, so
     * equal scores have one rank.
     */
    static long within(double[] sorted, double from, double to) {
        long inside = 0;
        for (int start = 0; start < sorted.length; ) {
            int end = start;
            while (end < sorted.length && sorted[end] == sorted[start]) {
                end++;
            }
            double rank = (start + (end - start) / 2.0) / sorted.length;
            if (rank >= from && (rank < to || to >= 1)) {
                inside += end - start;
            }
            start = end;
        }
        return inside;
    }

    /** Returns the value below which a share of sorted values lies, 0 to 1; at least one value. */
    public static double quantile(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    }
}
