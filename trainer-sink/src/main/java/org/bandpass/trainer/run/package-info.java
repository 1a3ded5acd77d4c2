/**
 * One training from its request to its model: settings, run folder, checkpoints, steps, and what training-runs says of it.
 * Knows rows, not how they came about.
 */
@NullMarked
package org.bandpass.trainer.run;

import org.jspecify.annotations.NullMarked;
