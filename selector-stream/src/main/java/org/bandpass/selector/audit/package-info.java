/**
 * Checks a plan's bands, record by record, against an exact sort of the scores or, for a live plan, against the cuts
 * that each record names. Only reads.
 */
@NullMarked
package org.bandpass.selector.audit;

import org.jspecify.annotations.NullMarked;
