package org.bandpass.eval.results;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bandpass.schemas.ScoredDocument;

/** The scores of a plan's population, all or a sample: mean NLL of each document by domain, and sums. */
public final class Population {

    /** Values of one domain; eight bytes each. */
    private static final class Values {
        private double[] values = new double[64];
        private int count;

        void add(double value) {
            if (count == values.length) {
                values = Arrays.copyOf(values, 2 * count);
            }
            values[count++] = value;
        }
    }

    private final double scale;
    private final Tally tally;
    private final SortedMap<String, Values> meanNll = new TreeMap<>();
    private int read;
    private long capped;

    /** Counts each document that is added as {@code scale} documents. */
    Population(double scale) {
        this.scale = scale;
        this.tally = new Tally(scale);
    }

    void add(ScoredDocument scored) {
        tally.add(scored);
        meanNll.computeIfAbsent(scored.getDocument().getDomain(), domain -> new Values())
                .add(scored.getScore().getNats() / scored.getScore().getTokens());
        read++;
        capped += scored.getScore().getCapped() ? 1 : 0;
    }

    /** Returns how many documents there are; of a sample an estimate. */
    public long count() {
        return tally.total().documents();
    }

    public int read() {
        return read;
    }

    /** Returns whether the documents that were read are a sample. */
    public boolean sampled() {
        return scale > 1;
    }

    /** Returns how many documents were scored in part, because of a cap on windows. */
    public long capped() {
        return Math.round(capped * scale);
    }

    public Tally tally() {
        return tally;
    }

    /** Returns all mean NLLs that were read, sorted. */
    public double[] sorted() {
        double[] sorted = new double[read];
        int copied = 0;
        for (Values domain : meanNll.values()) {
            System.arraycopy(domain.values, 0, sorted, copied, domain.count);
            copied += domain.count;
        }
        Arrays.sort(sorted);
        return sorted;
    }

    /** Returns the mean NLLs of one domain that were read, sorted. */
    public double[] sorted(String domain) {
        Values found = meanNll.getOrDefault(domain, new Values());
        double[] sorted = Arrays.copyOf(found.values, found.count);
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
