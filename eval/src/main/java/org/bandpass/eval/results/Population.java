package org.bandpass.eval.results;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bandpass.schemas.ScoredDocument;
import org.jspecify.annotations.Nullable;

/** Scored documents of one topic: mean NLL of each by domain, and sums; of a sample the sums are estimates. */
public final class Population {

    private final double scale;
    private final SortedMap<String, List<Double>> meanNll = new TreeMap<>();
    private final SortedMap<String, Amount> byDomain = new TreeMap<>();
    private Amount total = Amount.NONE;
    private long capped;
    private @Nullable ScoredDocument last;

    /** Counts each document that is added as {@code scale} documents. */
    Population(double scale) {
        this.scale = scale;
    }

    void add(ScoredDocument scored) {
        Amount one = new Amount(
                1, scored.getScore().getTokens(), scored.getDocument().getBytes());
        String domain = scored.getDocument().getDomain();
        byDomain.merge(domain, one, Amount::plus);
        total = total.plus(one);
        meanNll.computeIfAbsent(domain, name -> new ArrayList<>())
                .add(scored.getScore().getNats() / scored.getScore().getTokens());
        capped += scored.getScore().getCapped() ? 1 : 0;
        last = scored;
    }

    public Amount total() {
        return total.times(scale);
    }

    public SortedMap<String, Amount> byDomain() {
        SortedMap<String, Amount> scaled = new TreeMap<>();
        byDomain.forEach((domain, amount) -> scaled.put(domain, amount.times(scale)));
        return scaled;
    }

    public long count() {
        return total().documents();
    }

    /** Returns how many documents were read, where they are a sample; else null. */
    public @Nullable Integer sampled() {
        return scale > 1 ? Math.toIntExact(total.documents()) : null;
    }

    /** Returns how many documents were scored in part, because of a cap on windows. */
    public long capped() {
        return Math.round(capped * scale);
    }

    /** Returns the document that was added last, or null without documents. */
    @Nullable
    ScoredDocument last() {
        return last;
    }

    /** Returns the mean NLLs that were read, sorted. */
    public double[] sorted() {
        return sorted(meanNll.values().stream().flatMap(List::stream));
    }

    public double[] sorted(String domain) {
        return sorted(meanNll.getOrDefault(domain, List.of()).stream());
    }

    private static double[] sorted(Stream<Double> values) {
        return values.mapToDouble(Double::doubleValue).sorted().toArray();
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
