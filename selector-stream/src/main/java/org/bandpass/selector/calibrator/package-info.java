/**
 * The calibrator: a Kafka Streams application of two stages that turns scores into partial digests and these into cuts.
 *
 * <p>The digests of the first stage live in memory, with a changelog, because every record writes one small slot a stratum
 * and because under exactly-once semantics a local copy would not survive a crash anyway; they hold at most a boundary's
 * worth of raw values and one digest (32 KB) a stratum. The second stage keeps one partial for each stratum and partition,
 * which may be a gigabyte in the worst case, in RocksDB.
 */
@NullMarked
package org.bandpass.selector.calibrator;

import org.jspecify.annotations.NullMarked;
