package org.bandpass.sources;

import org.jspecify.annotations.Nullable;

/**
 * What an earlier run read of a source.
 *
 * @param name name of the source
 * @param bytes its size as stored, -1 where nobody knew
 * @param version its {@link org.bandpass.sources.file.Source#version}
 * @param fingerprint its {@link org.bandpass.sources.file.Source#fingerprint}
 * @param content hash of its whole content, or null; then only the ends of the content can be compared
 * @param position records that were decided
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
