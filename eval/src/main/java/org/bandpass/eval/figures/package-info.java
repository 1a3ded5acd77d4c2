/**
 * Figures from the records of {@code evaluations}: over rows, and for a run against its control row by row. Immutable;
 * reads no topic.
 */
@NullMarked
package org.bandpass.eval.figures;

import org.jspecify.annotations.NullMarked;
