package org.bandpass.sources;

import org.jspecify.annotations.Nullable;

/**
 * What an earlier run read of a source.
 *
 * @param bytes its size as stored, -1 if it was unknown
 * @param content hash of its whole content, or null; then only its ends can be compared
 * @param position records that were read
 * @param finished whether it was read to its end
 */
public record EarlierRead(
        String name,
        long bytes,
        String version,
        String fingerprint,
        @Nullable String content,
        long position,
        boolean finished) {}
