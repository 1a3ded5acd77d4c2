package org.bandpass.selector.digest;

import java.util.Arrays;

/** Ranks by sorting: (values below + half of the equal ones) / count. Immutable. */
public final class ExactRanks {

    private final double[] sorted;

    /** None of the values may be NaN. */
    public ExactRanks(double[] values) {
        sorted = values.clone();
        Arrays.sort(sorted);
    }

    /** Returns the rank of any value; 0.5 if there are no values. */
    public double rank(double x) {
        if (sorted.length == 0) {
            return 0.5;
        }
        int below = count(x, false);
        return (below + (count(x, true) - below) / 2.0) / sorted.length;
    }

    /** Returns how many other values equal the one at a cut. */
    public int tiesAt(double cut) {
        if (sorted.length == 0) {
            return 0;
        }
        double x = sorted[(int) Math.min(sorted.length - 1, Math.floor(cut * sorted.length))];
        return count(x, true) - count(x, false) - 1;
    }

    /** Returns how many values are below x, or at most x. */
    private int count(double x, boolean orEqual) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < x || (orEqual && sorted[middle] == x)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
