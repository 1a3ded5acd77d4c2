/**
 * The published versions of the cuts: reading, choosing, laying out for look-up and deleting them. Callers pass
 * the plans; where they are stored is not known here.
 */
@NullMarked
package org.bandpass.selector.cuts;

import org.jspecify.annotations.NullMarked;
