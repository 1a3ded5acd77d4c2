/**
 * The published versions of the cuts: reading, choosing, laying out for look-up and deleting them. Is told which plans
 * there are; does not know where they are stored.
 */
@NullMarked
package org.bandpass.selector.cuts;

import org.jspecify.annotations.NullMarked;
