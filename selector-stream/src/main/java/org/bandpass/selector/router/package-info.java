/**
 * The router: one Kafka Streams application per plan, which sends each scored document to the bands that contain its rank.
 * It has no state: its position is all. Also what a plan would keep, without writing it.
 */
@NullMarked
package org.bandpass.selector.router;

import org.jspecify.annotations.NullMarked;
