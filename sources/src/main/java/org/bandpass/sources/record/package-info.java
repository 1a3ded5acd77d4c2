/**
 * What a source yields: records, refusals with a reason from a closed set, and the bounds of reading. Knows no other package
 * of sources.
 */
@NullMarked
package org.bandpass.sources.record;

import org.jspecify.annotations.NullMarked;
