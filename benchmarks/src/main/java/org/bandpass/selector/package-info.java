/** Measurements of the selector that need its package-private classes; the benchmarks that print them are elsewhere. */
@NullMarked
package org.bandpass.selector;

import org.jspecify.annotations.NullMarked;
