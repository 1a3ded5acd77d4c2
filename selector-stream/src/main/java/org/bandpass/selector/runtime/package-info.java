/**
 * What calibrator and router run on: settings, the Kafka Streams application and its dead letters, the cluster, and which
 * failures pass. Knows scores, because a refused one becomes a dead letter, and neither cuts nor plans.
 */
@NullMarked
package org.bandpass.selector.runtime;

import org.jspecify.annotations.NullMarked;
