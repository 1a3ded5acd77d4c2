/**
 * Pictures as SVG: bars, lines, intervals, densities, points. Knows nothing of Bandpass: the caller brings text and
 * numbers. {@code Series} gives a series the same look in all pictures.
 */
@NullMarked
package org.bandpass.eval.chart;

import org.jspecify.annotations.NullMarked;
