package org.bandpass.sources;

/**
 * Times of following folders.
 *
 * @param settleMillis how long a file must be unchanged before it is read
 * @param pollMillis how often folders are scanned
 */
public record FollowTimes(int settleMillis, int pollMillis) {}
