/**
 * The router: one Kafka Streams application per plan, which sends each scored document to the bands that contain its
 * rank. Its only state is its position. Also the dry run of a plan.
 */
@NullMarked
package org.bandpass.selector.router;

import org.jspecify.annotations.NullMarked;
