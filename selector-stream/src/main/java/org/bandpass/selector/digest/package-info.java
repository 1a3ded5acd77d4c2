/** The mathematics of cuts: t-digests as bytes, their ranks and quantiles, and exact ranks by sorting. No Kafka. */
@NullMarked
package org.bandpass.selector.digest;

import org.jspecify.annotations.NullMarked;
