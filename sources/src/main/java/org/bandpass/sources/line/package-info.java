/**
 * JSON and plain text: where records begin and end, and which fields of an object are text, id and the rest. Knows
 * {@code charset} and those below.
 */
@NullMarked
package org.bandpass.sources.line;

import org.jspecify.annotations.NullMarked;
