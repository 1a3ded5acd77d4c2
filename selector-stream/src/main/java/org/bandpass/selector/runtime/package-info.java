/**
 * Shared by calibrator and router: settings, the Kafka Streams application and its dead letters, the cluster, and which
 * failures are temporary. Does not know cuts or plans.
 */
@NullMarked
package org.bandpass.selector.runtime;

import org.jspecify.annotations.NullMarked;
