/**
 * Turns scores into cuts and routes scored documents into bands. Two Kafka Streams applications and the commands around
 * them.
 *
 * <pre>
 *   scored-documents ──▶ digest-scores ──▶ score-digests ──▶ build-cuts ──▶ cuts      calibrator: one application
 *                        per partition:      latest partial    one task: keeps the
 *                        digest + values     of each stratum   latest partials, merges
 *                        since its boundary  and partition     them in partition order
 *
 *   cuts ── freeze ──▶ plans                                                          a plan carries a copy of its cuts
 *
 *   scored-documents ──▶ route-document ──▶ bands.&lt;plan&gt;.&lt;band&gt;                      router: one application per plan
 *                        rank by the plan's cuts (or, live, by the latest),
 *                        same partition, value bytes untouched
 * </pre>
 *
 * <p>Threads: processors belong to their Streams thread; {@link org.bandpass.selector.RankTable} and what is built of it
 * are immutable and shared. Commands run on the caller's thread and close what they open.
 *
 * <p>State: the digests of the first stage live in memory, with a changelog, because every record writes one small slot
 * a stratum and because under exactly-once semantics a local copy would not survive a crash anyway; they hold at most a
 * boundary's worth of raw values and one digest (32 KB) a stratum. The second stage keeps one partial for each stratum and
 * partition, which may be a gigabyte in the worst case, in RocksDB. Routers have no state: their position is all.
 *
 * <p>What does not belong here: scoring (scorer-stream), reading bands (trainer-sink), lag (console).
 */
@NullMarked
package org.bandpass.selector;

import org.jspecify.annotations.NullMarked;
