/**
 * From documents and bands to rows: the documents of a snapshot, in seeded order, packed into rows of equal length. Knows
 * the cluster's topics, not how a run is trained.
 */
@NullMarked
package org.bandpass.trainer.data;

import org.jspecify.annotations.NullMarked;
