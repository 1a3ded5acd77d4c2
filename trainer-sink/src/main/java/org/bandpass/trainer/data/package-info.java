/**
 * From documents and bands to rows: what a snapshot holds for a run, in which order, packed into rows of equal length. Knows
 * the cluster's topics; not how a run is trained.
 */
@NullMarked
package org.bandpass.trainer.data;

import org.jspecify.annotations.NullMarked;
