package org.bandpass.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bandpass.selector.digest.ExactRanks;
import org.bandpass.selector.digest.RankTable;
import org.bandpass.selector.digest.ScoreSketch;
import org.bandpass.selector.digest.StratumDigest;

/** Rank error of cuts against sorting: the calibrator's digests over many partitions, merged as it merges them. */
final class DigestAccuracy {

    /** The paper's cuts. */
    private static final double[] CUTS = {0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875};

    private static final int BOUNDARY = 1000;

    /** In what order scores arrive. */
    enum Order {
        RANDOM,
        SORTED,
        REVERSE,
        ALTERNATING
    }

    private final double[] random;
    private final double[] sorted;

    /** Draws that many scores: a mixture of domains with long tails. */
    DigestAccuracy(int count) {
        SplittableRandom source = new SplittableRandom(5);
        double[] centres = {1.2, 2.4, 2.9, 3.3, 3.6, 4.4};
        random = new double[count];
        Arrays.setAll(random, i -> centres[source.nextInt(centres.length)] * Math.exp(0.25 * source.nextGaussian()));
        sorted = random.clone();
        Arrays.sort(sorted);
    }

    /** Returns the largest error at the paper's cuts, in rank, of scores spread over partitions by chance. */
    double worst(Order order, int partitions) {
        List<StratumDigest> digests = new ArrayList<>();
        for (int p = 0; p < partitions; p++) {
            digests.add(new StratumDigest(BOUNDARY, false));
        }
        SplittableRandom placement = new SplittableRandom(partitions);
        for (int i = 0; i < random.length; i++) {
            StratumDigest digest = digests.get(placement.nextInt(partitions));
            digest.add(score(order, i), 0);
            if (digest.isFull()) {
                digest.close();
            }
        }
        RankTable table = RankTable.of(ScoreSketch.merge(
                digests.stream().map(digest -> digest.partial(0)).toList()));
        ExactRanks exact = new ExactRanks(sorted);
        return Arrays.stream(CUTS)
                .map(cut -> Math.abs(exact.rank(table.quantile(cut)) - cut))
                .max()
                .orElseThrow();
    }

    private double score(Order order, int i) {
        int last = sorted.length - 1;
        return switch (order) {
            case RANDOM -> random[i];
            case SORTED -> sorted[i];
            case REVERSE -> sorted[last - i];
            case ALTERNATING -> i % 2 == 0 ? sorted[i / 2] : sorted[last - i / 2];
        };
    }
}
