/**
 * A Kafka broker inside this JVM, for {@code bandpass broker}, {@code bandpass run} and every test. Knows nothing of
 * Bandpass. A broker may be used from any thread and is closed by whoever started it.
 */
@NullMarked
package org.bandpass.broker;

import org.jspecify.annotations.NullMarked;
