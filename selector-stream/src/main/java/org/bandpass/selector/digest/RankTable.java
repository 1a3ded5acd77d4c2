package org.bandpass.selector.digest;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * The distribution function of a digest, for fast look-up by bisection. Gives exactly the results of {@code cdf} and
 * {@code quantile} of a {@code MergingDigest} of the same bytes. Immutable.
 */
public final class RankTable {

    private final byte[] digest;
    private final double[] mean;
    private final double[] weight;
    /** Weight of the centroids before each; sums of integers, so exact in any order. */
    private final double[] before;

    private final double total;
    private final double heaviest;

    /** Throws an IllegalArgumentException if the bytes are not a digest, or an empty one. */
    public static RankTable of(byte[] digest) {
        return new RankTable(digest.clone());
    }

    private RankTable(byte[] digest) {
        this.digest = digest;
        ScoreSketch.check(digest);
        ByteBuffer in = ByteBuffer.wrap(digest);
        in.getInt();
        double min = in.getDouble();
        double max = in.getDouble();
        in.getDouble();
        int centroids = in.getInt();
        if (centroids == 0) {
            throw new IllegalArgumentException("an empty digest has no ranks");
        }
        weight = new double[centroids];
        mean = new double[centroids];
        before = new double[centroids];
        double sum = 0;
        double most = 0;
        for (int i = 0; i < centroids; i++) {
            weight[i] = in.getDouble();
            mean[i] = in.getDouble();
            before[i] = sum;
            sum += weight[i];
            most = Math.max(most, weight[i]);
        }
        total = sum;
        heaviest = most;
        if (mean[0] != min || mean[centroids - 1] != max) {
            throw new IllegalArgumentException(
                    "the first and last centroid of a digest must be its smallest and largest value");
        }
    }

    public static RankTable of(ByteBuffer digest) {
        return of(ScoreSketch.bytes(digest));
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
        // A centroid of a single value has all its weight at the mean, which the interpolation leaves out.
        double between = (weight[left] + weight[left + 1]) / 2 - leftAlone - rightAlone;
        double base = before[left] + weight[left] / 2 + leftAlone;
        return (base + between * (x - mean[left]) / (mean[left + 1] - mean[left])) / total;
    }

    /** Returns the mean NLL at a rank in [0, 1]. */
    public double quantile(double rank) {
        return ScoreSketch.read(digest).quantile(rank);
    }

    /** Returns the weight of all values: their number, unless the digest was scaled. */
    public double weight() {
        return total;
    }

    /** Returns (heaviest centroid + 1) / weight: the largest difference between a rank and its exact value. */
    public double rankErrorBound() {
        return (heaviest + 1) / total;
    }

    /** Returns the Kolmogorov-Smirnov distance: the largest difference of ranks at any value, in [0, 1]. */
    public double distance(RankTable other) {
        return DoubleStream.concat(Arrays.stream(mean), Arrays.stream(other.mean))
                .map(x -> Math.abs(rank(x) - other.rank(x)))
                .max()
                .orElse(0);
    }
}
