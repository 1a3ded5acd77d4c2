/** Streams of bytes: decompression, bounded expansion, lines, and a sliding window. Knows {@code record}. */
@NullMarked
package org.bandpass.sources.stream;

import org.jspecify.annotations.NullMarked;
