/**
 * Bytes in, bytes out: decompression, bounded expansion, lines, and a window that slides over a stream. Knows {@code
 * record}.
 */
@NullMarked
package org.bandpass.sources.stream;

import org.jspecify.annotations.NullMarked;
