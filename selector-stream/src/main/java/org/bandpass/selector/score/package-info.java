/** Scored records: what selection reads of them, which are refused, and which strata they belong to. */
@NullMarked
package org.bandpass.selector.score;

import org.jspecify.annotations.NullMarked;
