/** Records of a source, refusals with a reason from a closed set, and limits. Knows no other package of sources. */
@NullMarked
package org.bandpass.sources.record;

import org.jspecify.annotations.NullMarked;
