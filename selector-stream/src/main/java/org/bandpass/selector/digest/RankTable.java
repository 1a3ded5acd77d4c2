package org.bandpass.selector.digest;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The distribution function of a digest, laid out for look-up. Gives exactly what {@code MergingDigest.cdf} and {@code
 * quantile} of the same bytes give, by bisection and without changing anything. Immutable.
 */
public final class RankTable {

    private final byte[] digest;
    private final double[] mean;
    private final double[] weight;
    /** Weight of the centroids before each; sums of whole numbers, so exact in any order. */
    private final double[] before;

    private final double total;
    private final double heaviest;

    private RankTable(byte[] digest, double[] weight, double[] mean) {
        this.digest = digest;
        this.mean = mean;
        this.weight = weight;
        this.before = new double[weight.length];
        double sum = 0;
        double most = 0;
        for (int i = 0; i < weight.length; i++) {
            before[i] = sum;
            sum += weight[i];
            most = Math.max(most, weight[i]);
        }
        this.total = sum;
        this.heaviest = most;
    }

    /**
     * Lays out a digest.
     *
     * @throws IllegalArgumentException if the bytes are no digest, or one of nothing
     */
    public static RankTable of(byte[] digest) {
        ScoreSketch.check(digest);
        ByteBuffer in = ByteBuffer.wrap(digest);
        in.getInt();
        double min = in.getDouble();
        double max = in.getDouble();
        in.getDouble();
        int centroids = in.getInt();
        if (centroids == 0) {
            throw new IllegalArgumentException("a digest of nothing has no ranks");
        }
        double[] weight = new double[centroids];
        double[] mean = new double[centroids];
        for (int i = 0; i < centroids; i++) {
            weight[i] = in.getDouble();
            mean[i] = in.getDouble();
        }
        if (mean[0] != min || mean[centroids - 1] != max) {
            throw new IllegalArgumentException(
                    "the outermost centroids of a digest are its smallest and largest value");
        }
        return new RankTable(digest.clone(), weight, mean);
    }

    /** Returns the table of a digest in a record's buffer, which is left as it was. */
    public static RankTable of(ByteBuffer digest) {
        byte[] bytes = new byte[digest.remaining()];
        digest.duplicate().get(bytes);
        return of(bytes);
    }

    /** Returns (weight below + half of the weight at x) / weight, interpolated between centroids; in [0, 1]. */
    public double rank(double x) {
        int last = mean.length - 1;
        if (x < mean[0]) {
            return 0;
        }
        if (x > mean[last]) {
            return 1;
        }
        int at = Arrays.binarySearch(mean, x);
        return at >= 0 ? rankOfCentroid(at, x) : rankBetween(-at - 2, x);
    }

    /** With many equal scores several centroids have the same mean. */
    private double rankOfCentroid(int found, double x) {
        int first = found;
        while (first > 0 && mean[first - 1] == x) {
            first--;
        }
        double at = 0;
        for (int i = first; i < mean.length && mean[i] == x; i++) {
            at += weight[i];
        }
        return (before[first] + at / 2) / total;
    }

    private double rankBetween(int left, double x) {
        double leftAlone = 0;
        double rightAlone = 0;
        if (weight[left] == 1) {
            if (weight[left + 1] == 1) {
                return (before[left] + 1) / total;
            }
            leftAlone = 0.5;
        } else if (weight[left + 1] == 1) {
            rightAlone = 0.5;
        }
        // A single value lies at its centroid with all its weight, so it takes no part in the interpolation.
        double between = (weight[left] + weight[left + 1]) / 2 - leftAlone - rightAlone;
        double base = before[left] + weight[left] / 2 + leftAlone;
        return (base + between * (x - mean[left]) / (mean[left + 1] - mean[left])) / total;
    }

    /** Returns the mean NLL at a rank in [0, 1]. */
    public double quantile(double rank) {
        return ScoreSketch.read(digest).quantile(rank);
    }

    /** Returns the weight of all values: their number, unless they count several times. */
    public double weight() {
        return total;
    }

    /** Returns (heaviest centroid + 1) / weight: how far a rank may be from that of sorting. */
    public double rankErrorBound() {
        return (heaviest + 1) / total;
    }

    /** Returns the Kolmogorov-Smirnov distance: the largest difference of ranks at any value, in [0, 1]. */
    public double distance(RankTable other) {
        double largest = 0;
        for (double x : mean) {
            largest = Math.max(largest, Math.abs(rank(x) - other.rank(x)));
        }
        for (double x : other.mean) {
            largest = Math.max(largest, Math.abs(rank(x) - other.rank(x)));
        }
        return largest;
    }
}
