package org.bandpass.cli;

import java.util.Arrays;
import org.bandpass.languagemodel.ModelPreset;

/**
 * What fits into some minutes, from a fixed table of nominal speeds, so that the same command gives the same run on
 * every machine. An estimate, not a limit.
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

    /** A short experiment has little to find out, and evaluates a model more than it trains. */
    private static final long HELD_OUT_BYTES_PER_MINUTE = 64 << 10;

    private static final long MOST_HELD_OUT_BYTES = 1 << 20;

    /** Bytes of text per token that a vocabulary of this order gives; only used to estimate. */
    private static final double BYTES_PER_TOKEN = 2.8;

    /** Nominal speeds in tokens per second, below what two cores of a server with AVX-512 do on a slow day. */
    private enum Size {
        TINY(30, "tiny", 2048, 5_000, 22_000),
        MINI(240, "mini", 4096, 2_800, 6_300),
        SMALL(Double.POSITIVE_INFINITY, "small", 8192, 450, 1_000);

        private final double belowMinutes;
        private final String preset;
        private final int vocabulary;
        private final double trained;
        private final double scored;

        Size(double belowMinutes, String preset, int vocabulary, double trained, double scored) {
            this.belowMinutes = belowMinutes;
            this.preset = preset;
            this.vocabulary = vocabulary;
            this.trained = trained;
            this.scored = scored;
        }

        static Size of(double minutes) {
            return Arrays.stream(values())
                    .filter(size -> minutes < size.belowMinutes)
                    .findFirst()
                    .orElse(SMALL);
        }
    }

    /**
     * Returns the budget.
     *
     * @param finals number of final models: the control and one per band
     */
    static ExperimentBudget of(double minutes, int finals) {
        Size size = Size.of(minutes);
        double seconds = minutes * 60;
        return new ExperimentBudget(
                size.preset,
                size.vocabulary,
                Math.round(seconds * REFERENCE_SHARE * size.trained),
                Math.round(seconds * FINALS_SHARE / finals * size.trained),
                Math.round(seconds * SCORING_SHARE * size.scored),
                Math.min(MOST_HELD_OUT_BYTES, Math.round(minutes * HELD_OUT_BYTES_PER_MINUTE)));
    }

    /** Returns the windows per document that keep scoring within its share; 0 where no cap is needed. */
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
