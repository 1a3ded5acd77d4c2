/** The published versions of the cuts: reading, choosing and printing them, and look-up of ranks. */
@NullMarked
package org.bandpass.selector.cuts;

import org.jspecify.annotations.NullMarked;
