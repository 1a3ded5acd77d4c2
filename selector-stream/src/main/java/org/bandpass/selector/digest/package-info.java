/**
 * The mathematics of cuts: t-digests as bytes, ranks and quantiles read from them, and exact ranks by sorting. Knows
 * neither Kafka nor records.
 */
@NullMarked
package org.bandpass.selector.digest;

import org.jspecify.annotations.NullMarked;
