/**
 * Plans: their bands, how a user describes one, the plan file, the stored plans, and which cuts no plan needs. A frozen
 * plan has a copy of its cuts, so this package knows {@code cuts}.
 */
@NullMarked
package org.bandpass.selector.plan;

import org.jspecify.annotations.NullMarked;
