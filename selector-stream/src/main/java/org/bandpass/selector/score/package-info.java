/**
 * What selection reads of a scored record: its score, how it was made, the strata of its document, and why a record is
 * refused. Knows the records of {@code schemas} and nothing else of the selector.
 */
@NullMarked
package org.bandpass.selector.score;

import org.jspecify.annotations.NullMarked;
