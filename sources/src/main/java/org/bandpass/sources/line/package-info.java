/**
 * JSON and plain text: where records begin and end, and which fields of an object are text, id and metadata. Knows
 * {@code charset} and the packages below it.
 */
@NullMarked
package org.bandpass.sources.line;

import org.jspecify.annotations.NullMarked;
