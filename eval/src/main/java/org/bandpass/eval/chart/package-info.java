/**
 * Pictures as SVG: bars, lines, intervals, densities, points. Knows nothing of Bandpass; whoever draws brings the words
 * and the numbers. Only {@code Series} says how one series looks in all pictures.
 */
@NullMarked
package org.bandpass.eval.chart;

import org.jspecify.annotations.NullMarked;
