/**
 * The calibrator: a Kafka Streams application of two stages that turns scores into partial digests and these into cuts.
 *
 * <p>The first stage keeps its digests in memory, with a changelog: every record writes one small slot per stratum, and
 * under exactly-once semantics a local copy would not survive a crash. Each stratum has at most a boundary's worth of
 * raw values and one digest (32 KB). The second stage keeps one partial per stratum and partition, which may be a
 * gigabyte in the worst case, in RocksDB.
 */
@NullMarked
package org.bandpass.selector.calibrator;

import org.jspecify.annotations.NullMarked;
