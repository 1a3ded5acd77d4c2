package org.bandpass.scorer;

import java.time.Duration;
import java.util.List;
import org.bandpass.languagemodel.Likelihood;

/**
 * What a device made of a flight.
 *
 * @param likelihoods one for each document that is not refused, in order
 * @param positions positions that were computed, padding included
 * @param duration how long the device took
 */
record FlightScores(List<Likelihood> likelihoods, long positions, Duration duration) {

    /** Returns how many of the positions were tokens. */
    long tokens() {
        return likelihoods.stream().mapToLong(Likelihood::tokens).sum();
    }
}
