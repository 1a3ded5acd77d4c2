/**
 * What the records of {@code evaluations} say: figures over rows, and a run compared with its control row by row.
 * Immutable; reads no topic.
 */
@NullMarked
package org.bandpass.eval.figures;

import org.jspecify.annotations.NullMarked;
