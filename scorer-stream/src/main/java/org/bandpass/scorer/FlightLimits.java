package org.bandpass.scorer;

import java.time.Duration;

/**
 * When a flight is closed.
 *
 * @param tokens as soon as it has so many tokens
 * @param bytes as soon as its records have so many bytes
 * @param linger at the end of the partition, when no document has come for so long
 */
record FlightLimits(int tokens, int bytes, Duration linger) {}
