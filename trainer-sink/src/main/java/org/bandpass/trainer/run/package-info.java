/**
 * One training from its request to its model: settings, run folder, checkpoints, steps, and its record in training-runs.
 * Knows rows, not how they are made.
 */
@NullMarked
package org.bandpass.trainer.run;

import org.jspecify.annotations.NullMarked;
