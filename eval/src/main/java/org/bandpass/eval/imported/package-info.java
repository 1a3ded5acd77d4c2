/**
 * Scores of other evaluation harnesses: reads their files and writes them to {@code evaluations}. Computing scores does
 * not belong here.
 */
@NullMarked
package org.bandpass.eval.imported;

import org.jspecify.annotations.NullMarked;
