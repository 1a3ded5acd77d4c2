/**
 * A Kafka broker inside this JVM, for {@code bandpass broker}, {@code bandpass run} and every test. Knows nothing of
 * Bandpass. Any thread may use a broker; the caller who started it closes it.
 */
@NullMarked
package org.bandpass.broker;

import org.jspecify.annotations.NullMarked;
