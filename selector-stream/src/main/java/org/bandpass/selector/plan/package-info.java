/**
 * Plans: their bands, how a user describes one, the file it may stand in, and the catalog of those that are stored. A
 * frozen plan carries a copy of its cuts, so this package knows {@code cuts}.
 */
@NullMarked
package org.bandpass.selector.plan;

import org.jspecify.annotations.NullMarked;
