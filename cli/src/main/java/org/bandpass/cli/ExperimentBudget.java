package org.bandpass.cli;

import java.util.List;
import org.bandpass.languagemodel.ModelPreset;

/**
 * The size of an experiment of some minutes. An estimate, not a limit: it comes from a fixed table of nominal speeds, so the
 * same command gives the same run on every machine.
 *
 * @param preset shape of all models of the experiment
 * @param referenceTokens tokens that the reference model is trained on
 * @param finalTokens tokens that the control and each band are trained on
 * @param scoredTokens tokens that scoring may take, about a third of the minutes
 */
record ExperimentBudget(
        String preset, int vocabulary, long referenceTokens, long finalTokens, long scoredTokens, long heldOutBytes) {

    /** Shares of the minutes; the remainder is for ingest, selection, evaluation and the report. */
    private static final double REFERENCE_SHARE = 0.15;

    private static final double FINALS_SHARE = 0.38;
    private static final double SCORING_SHARE = 0.33;

    /** A short experiment would otherwise spend more time on evaluation than on training. */
    private static final long HELD_OUT_BYTES_PER_MINUTE = 64 << 10;

    private static final long MOST_HELD_OUT_BYTES = 1 << 20;

    /** Estimate of the bytes of text per token with these vocabularies. */
    private static final double BYTES_PER_TOKEN = 2.8;

    /** Nominal speeds in tokens per second: a little less than two cores of a server with AVX-512 reach. */
    private record Size(double belowMinutes, String preset, int vocabulary, double trained, double scored) {}

    private static final List<Size> SIZES = List.of(
            new Size(30, "tiny", 2048, 5_000, 22_000),
            new Size(240, "mini", 4096, 2_800, 6_300),
            new Size(Double.POSITIVE_INFINITY, "small", 8192, 450, 1_000));

    /**
     * Returns the budget.
     *
     * @param finals number of final models: the control and one per band
     */
    static ExperimentBudget of(double minutes, int finals) {
        Size size = SIZES.stream()
                .filter(each -> minutes < each.belowMinutes)
                .findFirst()
                .orElseThrow();
        double seconds = minutes * 60;
        return new ExperimentBudget(
                size.preset,
                size.vocabulary,
                Math.round(seconds * REFERENCE_SHARE * size.trained),
                Math.round(seconds * FINALS_SHARE / finals * size.trained),
                Math.round(seconds * SCORING_SHARE * size.scored),
                Math.min(MOST_HELD_OUT_BYTES, Math.round(minutes * HELD_OUT_BYTES_PER_MINUTE)));
    }

    /** Returns the windows per document that keep scoring within its share; 0 if no cap is needed. */
    int maxWindows(long[] documentBytes) {
        double windowBytes = ModelPreset.named(preset).config(vocabulary).contextLength() * BYTES_PER_TOKEN;
        if (tokens(documentBytes, Double.POSITIVE_INFINITY) <= scoredTokens) {
            return 0;
        }
        int windows = 1;
        while (tokens(documentBytes, (windows + 1) * windowBytes) <= scoredTokens) {
            windows++;
        }
        return windows;
    }

    private static double tokens(long[] documentBytes, double capBytes) {
        double bytes = 0;
        for (long document : documentBytes) {
            bytes += Math.min((double) document, capBytes);
        }
        return bytes / BYTES_PER_TOKEN;
    }
}
