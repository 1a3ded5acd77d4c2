package org.bandpass.eval.chart;

/** Smoothed histograms: a Gaussian kernel over fine bins, so that the cost does not grow with the number of values. */
final class Density {

    private static final int BINS = 400;
    /** Beyond three deviations a Gaussian adds nothing visible. */
    private static final double REACH = 3;

    private Density() {}

    /** Returns the density at the centres of equal bins of [from, to]; values outside count in the total only. */
    static double[] of(double[] values, double from, double to) {
        double[] counts = new double[BINS];
        double width = (to - from) / BINS;
        for (double value : values) {
            if (value >= from && value <= to) {
                counts[(int) Math.min(BINS - 1, (value - from) / width)]++;
            }
        }
        return smoothed(counts, bandwidth(values, to - from) / width, values.length * width);
    }

    /** Silverman's rule of thumb, 0.9 · min(s, IQR/1.34) · n^(−1/5), with the standard deviation s alone for speed. */
    private static double bandwidth(double[] values, double range) {
        double mean = 0;
        for (double value : values) {
            mean += value / values.length;
        }
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        double deviation = values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1));
        double rule = 0.9 * deviation * Math.pow(Math.max(1, values.length), -0.2);
        return Math.max(rule, range / 200);
    }

    private static double[] smoothed(double[] counts, double bandwidthInBins, double total) {
        int reach = (int) Math.ceil(REACH * bandwidthInBins);
        double[] kernel = new double[2 * reach + 1];
        double sum = 0;
        for (int i = -reach; i <= reach; i++) {
            kernel[i + reach] = Math.exp(-0.5 * i * i / (bandwidthInBins * bandwidthInBins));
            sum += kernel[i + reach];
        }
        double[] density = new double[counts.length];
        for (int bin = 0; bin < counts.length; bin++) {
            for (int i = Math.max(-reach, -bin); i <= Math.min(reach, counts.length - 1 - bin); i++) {
                density[bin + i] += counts[bin] * kernel[i + reach] / (sum * Math.max(total, Double.MIN_NORMAL));
            }
        }
        return density;
    }
}
