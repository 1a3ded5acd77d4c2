/** Measurements of the scorer that need its package-private classes; the benchmarks that print them are elsewhere. */
@NullMarked
package org.bandpass.scorer;

import org.jspecify.annotations.NullMarked;
