/** Measurements of ingest that need its package-private classes; the benchmarks that print them are elsewhere. */
@NullMarked
package org.bandpass.ingest;

import org.jspecify.annotations.NullMarked;
