package org.bandpass.sources;

/**
 * When folders are followed.
 *
 * @param settleMillis how long a file must not have changed before it is read
 * @param pollMillis how often folders are looked through
 */
public record FollowTimes(int settleMillis, int pollMillis) {}
